using Akka.Cluster;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Shards;

/// <summary>Between what members say to each other and members.proto.</summary>
internal static class MemberFormat
{
    /// <summary>A hundred years: what a TimeSpan can hold has an end.</summary>
    private const ulong MaxAgeMs = 100UL * 366 * 24 * 3600 * 1000;

    public static Wire.OpenSource ToWire(this OpenSource open) => new() { Source = ToWire(open.Source, open.PollInterval) };

    public static OpenSource ToDomain(this Wire.OpenSource wire) => new(ReadSource(wire.Source), ReadInterval(wire.Source));

    public static Wire.TakeBatch ToWire(this TakeBatch take)
    {
        var batch = new Batch { Id = take.Id, Watermark = take.Watermark };
        batch.Reports.Add(take.Reports.Select(report => report.ToWire()));
        return new Wire.TakeBatch
        {
            Source = ToWire(take.Source, take.PollInterval),
            Batch = batch.ToByteString(),
            History = take.History,
            Epoch = take.Epoch,
        };
    }

    public static TakeBatch ToDomain(this Wire.TakeBatch wire)
    {
        var batch = Batch.Parser.ParseFrom(wire.Batch);
        List<Report> reports = [.. batch.Reports.Select(report => report.ToDomain())];
        return new TakeBatch(ReadSource(wire.Source), ReadInterval(wire.Source), batch.Id, batch.Watermark, reports)
        {
            History = wire.History,
            Epoch = wire.Epoch,
        };
    }

    public static Wire.ShardHeld ToWire(this ShardHeld held) => new()
    {
        Source = ToWire(held.Source, default),
        Shard = held.Shard,
        Sequence = held.Sequence,
        BatchId = held.BatchId,
        History = held.History,
        Epoch = held.Epoch,
        Retired = held.Retired,
    };

    public static ShardHeld ToDomain(this Wire.ShardHeld wire) =>
        new(wire.Shard, ReadSource(wire.Source), wire.Sequence, wire.BatchId, wire.Retired)
        {
            History = wire.History,
            Epoch = wire.Epoch,
        };

    public static Wire.ClaimNode ToWire(this ClaimNode claim) => new()
    {
        Source = ToWire(claim.Source, default),
        AgeMs = (ulong)claim.Age.TotalMilliseconds,
    };

    public static ClaimNode ToDomain(this Wire.ClaimNode wire) =>
        new(ReadSource(wire.Source), TimeSpan.FromMilliseconds(Math.Min(wire.AgeMs, MaxAgeMs)));

    public static Wire.NodeAnswer ToWire(this NodeAnswer answer) => new() { NodeName = answer.NodeName, Verdict = (uint)answer.Verdict };

    public static NodeAnswer ToDomain(this Wire.NodeAnswer wire) => new(wire.NodeName, (NodeVerdict)wire.Verdict);

    public static Wire.AskGrants ToWire(this AskGrants ask) => new()
    {
        Id = ask.Id,
        Locals = { ask.Pairs.Select(pair => pair.Local) },
        Externals = { ask.Pairs.Select(pair => pair.External) },
    };

    public static AskGrants ToDomain(this Wire.AskGrants wire) =>
        new(wire.Id, [.. wire.Locals.Zip(wire.Externals, (local, external) => new GrantPair(local, external))]);

    public static Wire.GrantsGiven ToWire(this GrantsGiven given) => new() { Id = given.Id, Granted = { given.Granted } };

    public static GrantsGiven ToDomain(this Wire.GrantsGiven wire) => new(wire.Id, wire.Granted);

    public static Wire.IdentityTold ToWire(this IdentityTold told) => new()
    {
        JournalId = told.Journal?.Id ?? "",
        JournalShared = told.Journal?.Shared ?? false,
        InCluster = told.InCluster,
    };

    public static IdentityTold ToDomain(this Wire.IdentityTold wire) =>
        new(wire.JournalId.Length > 0 ? new JournalIdentity(wire.JournalId, wire.JournalShared) : null, wire.InCluster);

    public static Wire.AskMembership ToWire(this AskMembership ask) =>
        new() { Number = ask.Number, Address = ask.Asker.Address.ToString(), Uid = ask.Asker.Uid };

    public static AskMembership ToDomain(this Wire.AskMembership wire) =>
        new(wire.Number, new UniqueAddress(Akka.Actor.Address.Parse(wire.Address), wire.Uid));

    private static Wire.Source ToWire(Source source, TimeSpan pollInterval) => new()
    {
        NodeName = source.NodeName,
        Incarnation = ByteString.CopyFrom(source.Incarnation.ToByteArray(bigEndian: true)),
        PollIntervalMs = (uint)pollInterval.TotalMilliseconds,
    };

    private static Source ReadSource(Wire.Source wire) => new(wire.NodeName, new Guid(wire.Incarnation.Span, bigEndian: true));

    private static TimeSpan ReadInterval(Wire.Source wire) => TimeSpan.FromMilliseconds(wire.PollIntervalMs);
}
