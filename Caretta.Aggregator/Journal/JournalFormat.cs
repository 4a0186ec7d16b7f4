using Caretta.Aggregator.Links;
using Caretta.Messages;
using Link = Caretta.Aggregator.Journal.Stored.LinkTotals;

namespace Caretta.Aggregator.Journal;

/// <summary>Between the events and journal.proto.</summary>
internal static class JournalFormat
{
    public static Stored.LinksAdvanced ToStored(this LinksAdvanced advanced)
    {
        var sources = new SourceTable();
        var stored = new Stored.LinksAdvanced { AtMs = advanced.At.ToUnixTimeMilliseconds() };
        foreach (var link in advanced.Advances.GroupBy(advance => advance.Link.Id))
        {
            var held = link.Select(advance => KeyValuePair.Create(advance.By, advance.Totals));
            stored.Links.Add(ToStored(link.First().Link, held, sources));
        }

        stored.Watermarks.Add(advanced.Watermarks.Select(watermark => ToStored(watermark, sources)));
        stored.Sources.Add(sources.Stored);
        return stored;
    }

    public static LinksAdvanced ToDomain(this Stored.LinksAdvanced stored)
    {
        var sources = SourceTable.Read(stored.Sources);
        var advances = stored.Links.Select(link => (Link: ReadLink(link), Held: ReadHeld(link, sources)))
            .SelectMany(link => link.Held.Select(held => new LinkAdvance(link.Link, held.Key, held.Value)));
        return new LinksAdvanced(
            DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. advances], ReadWatermarks(stored.Watermarks, sources));
    }

    public static Stored.LinksExpired ToStored(this LinksExpired expired) => new()
    {
        AtMs = expired.At.ToUnixTimeMilliseconds(),
        LinkIds = { expired.LinkIds },
    };

    public static LinksExpired ToDomain(this Stored.LinksExpired stored) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. stored.LinkIds]);

    public static Stored.Shard ToStored(this ShardSnapshot snapshot)
    {
        var sources = new SourceTable();
        var stored = new Stored.Shard();
        foreach (var link in snapshot.Links)
        {
            var entry = ToStored(link.Link, link.Held, sources);
            entry.Expired = link.Expired;
            stored.Links.Add(entry);
        }

        stored.Watermarks.Add(snapshot.Watermarks.Select(watermark => ToStored(watermark, sources)));
        stored.Sources.Add(sources.Stored);
        return stored;
    }

    public static ShardSnapshot ToDomain(this Stored.Shard stored)
    {
        var sources = SourceTable.Read(stored.Sources);
        return new ShardSnapshot(
            [.. stored.Links.Select(link => new StoredLink(ReadLink(link), link.Expired, ReadHeld(link, sources)))],
            ReadWatermarks(stored.Watermarks, sources));
    }

    private static Link ToStored(NetworkLink link, IEnumerable<KeyValuePair<Contributor, LinkTotals>> held, SourceTable sources) => new()
    {
        Client = ToStored(link.Client),
        Server = ToStored(link.Server),
        ServerPort = link.ServerPort,
        Role = (uint)link.Role,
        Contributions = { held.Select(entry => ToStored(entry.Key, entry.Value, sources)) },
    };

    private static Stored.Workload ToStored(Workload workload) => new()
    {
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Owner = workload.Owner,
    };

    private static Stored.Contribution ToStored(Contributor by, in LinkTotals totals, SourceTable sources) => new()
    {
        Source = sources.IndexOf(by.Source),
        Origin = by.Origin,
        SentBytes = totals.SentBytes,
        ReceivedBytes = totals.ReceivedBytes,
        PastSentBytes = totals.PastSentBytes,
        PastReceivedBytes = totals.PastReceivedBytes,
        Opened = totals.Opened,
        Closed = totals.Closed,
        Failed = totals.Failed,
        RetransmittedBytes = totals.RetransmittedBytes,
        RttMicroseconds = totals.RttMicroseconds,
        RttSamples = totals.RttSamples,
        LifetimeMicroseconds = totals.LifetimeMicroseconds,
    };

    private static Stored.Watermark ToStored(KeyValuePair<Source, ulong> watermark, SourceTable sources) =>
        new() { Source = sources.IndexOf(watermark.Key), Sequence = watermark.Value };

    private static NetworkLink ReadLink(Link link) =>
        new(ReadWorkload(link.Client), ReadWorkload(link.Server), (ushort)link.ServerPort, (Role)link.Role);

    private static Workload ReadWorkload(Stored.Workload workload) =>
        new(workload.Namespace, workload.Kind, workload.Name, workload.Owner);

    private static List<KeyValuePair<Contributor, LinkTotals>> ReadHeld(Link link, IReadOnlyList<Source> sources) =>
        [.. link.Contributions.Select(entry =>
            KeyValuePair.Create(new Contributor(sources[(int)entry.Source], entry.Origin), ReadTotals(entry)))];

    private static LinkTotals ReadTotals(Stored.Contribution entry) => new(
        entry.SentBytes,
        entry.ReceivedBytes,
        entry.PastSentBytes,
        entry.PastReceivedBytes,
        entry.Opened,
        entry.Closed,
        entry.Failed,
        entry.RetransmittedBytes,
        entry.RttMicroseconds,
        entry.RttSamples,
        entry.LifetimeMicroseconds);

    private static List<KeyValuePair<Source, ulong>> ReadWatermarks(IEnumerable<Stored.Watermark> stored, IReadOnlyList<Source> sources) =>
        [.. stored.Select(watermark => KeyValuePair.Create(sources[(int)watermark.Source], watermark.Sequence))];
}
