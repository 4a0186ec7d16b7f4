using Caretta.Aggregator.Links;
using Caretta.Messages;
using Google.Protobuf;
using Link = Caretta.Aggregator.Journal.Stored.LinkTotals;

namespace Caretta.Aggregator.Journal;

/// <summary>Between the events and journal.proto.</summary>
internal static class JournalFormat
{
    private const int IncarnationBytes = 16;

    public static Stored.LinksAdvanced ToStored(this LinksAdvanced advanced)
    {
        var sources = new SourceTable();
        var stored = new Stored.LinksAdvanced { AtMs = advanced.At.ToUnixTimeMilliseconds(), ListenedMs = ToMs(advanced.Listened) };
        (stored.Before, stored.Id) = (advanced.Step.Before, advanced.Step.Id);
        var links = new Dictionary<ulong, Link>(advanced.Advances.Count);
        foreach (var advance in advanced.Advances)
        {
            if (!links.TryGetValue(advance.Link.Id, out var link))
            {
                links.Add(advance.Link.Id, link = ToStored(advance.Link));
                stored.Links.Add(link);
            }

            link.Contributions.Add(ToStored(advance.By, advance.Totals, sources));
        }

        foreach (var watermark in advanced.Watermarks)
        {
            stored.Watermarks.Add(ToStored(watermark, advanced.Epochs, sources));
        }

        stored.Sources.Add(sources.Stored);
        return stored;
    }

    public static LinksAdvanced ToDomain(this Stored.LinksAdvanced stored)
    {
        var sources = SourceTable.Read(stored.Sources);
        var advances = stored.Links.Select(link => (Link: ReadLink(link), Held: ReadHeld(link, sources)))
            .SelectMany(link => link.Held.Select(held => new LinkAdvance(link.Link, held.Key, held.Value)));
        return new LinksAdvanced(
            DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. advances], ReadWatermarks(stored.Watermarks, sources))
        {
            Listened = TimeSpan.FromMilliseconds(stored.ListenedMs),
            Step = new HistoryStep(stored.Before, stored.Id),
            Epochs = ReadEpochs(stored.Watermarks, sources),
        };
    }

    public static Stored.LinksExpired ToStored(this LinksExpired expired) => new()
    {
        AtMs = expired.At.ToUnixTimeMilliseconds(),
        LinkIds = { expired.LinkIds },
        Before = expired.Step.Before,
        Id = expired.Step.Id,
    };

    public static LinksExpired ToDomain(this Stored.LinksExpired stored) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. stored.LinkIds]) { Step = new HistoryStep(stored.Before, stored.Id) };

    public static Stored.SourcesRetired ToStored(this SourcesRetired retired) => new()
    {
        AtMs = retired.At.ToUnixTimeMilliseconds(),
        ListenedMs = ToMs(retired.Listened),
        Sources = { retired.Sources.Select(SourceTable.ToStored) },
        Before = retired.Step.Before,
        Id = retired.Step.Id,
    };

    public static SourcesRetired ToDomain(this Stored.SourcesRetired stored) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), TimeSpan.FromMilliseconds(stored.ListenedMs), SourceTable.Read(stored.Sources))
    {
        Step = new HistoryStep(stored.Before, stored.Id),
    };

    public static Stored.LinksPurged ToStored(this LinksPurged purged) => new()
    {
        AtMs = purged.At.ToUnixTimeMilliseconds(),
        LinkIds = { purged.LinkIds },
    };

    public static LinksPurged ToDomain(this Stored.LinksPurged stored) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. stored.LinkIds]);

    public static Stored.ShardMerged ToStored(this ShardMerged merged) => new()
    {
        AtMs = merged.At.ToUnixTimeMilliseconds(),
        Shard = merged.Shard.ToStored(),
    };

    public static ShardMerged ToDomain(this Stored.ShardMerged stored) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), stored.Shard.ToDomain());

    public static Stored.Shard ToStored(this ShardSnapshot snapshot)
    {
        var sources = new SourceTable();
        var stored = new Stored.Shard { ListenedMs = ToMs(snapshot.Listened), Retired = Pack(snapshot.Retired), History = snapshot.History };
        foreach (var link in snapshot.Links)
        {
            var entry = ToStored(link.Link);
            entry.Contributions.Add(link.Held.Select(held => ToStored(held.Key, held.Value, sources)));
            entry.Expired = link.Expired;
            entry.Retired = link.Retired is { } retired ? ToStored(retired) : null;
            (entry.FirstSeenMs, entry.LastSeenMs) = (link.Seen.FirstMs, link.Seen.LastMs);
            stored.Links.Add(entry);
        }

        foreach (var watermark in snapshot.Watermarks)
        {
            var entry = ToStored(watermark, snapshot.Epochs, sources);
            entry.HeardMs = ToMs(snapshot.HeardAt.GetValueOrDefault(watermark.Key));
            entry.History = snapshot.Histories.GetValueOrDefault(watermark.Key);
            stored.Watermarks.Add(entry);
        }

        stored.Sources.Add(sources.Stored);
        return stored;
    }

    public static ShardSnapshot ToDomain(this Stored.Shard stored)
    {
        var sources = SourceTable.Read(stored.Sources);
        return new ShardSnapshot(
            [.. stored.Links.Select(link => new StoredLink(ReadLink(link), link.Expired, ReadHeld(link, sources))
            {
                Retired = link.Retired is { } retired ? ReadTotals(retired) : null,
                Seen = new LinkSeen(link.FirstSeenMs, link.LastSeenMs),
            })],
            ReadWatermarks(stored.Watermarks, sources))
        {
            Listened = TimeSpan.FromMilliseconds(stored.ListenedMs),
            HeardAt = stored.Watermarks.ToDictionary(
                watermark => sources[(int)watermark.Source], watermark => TimeSpan.FromMilliseconds(watermark.HeardMs)),
            History = stored.History,
            Histories = ReadHistories(stored.Watermarks, sources),
            Epochs = ReadEpochs(stored.Watermarks, sources),
            Retired = Unpack(stored.Retired),
        };
    }

    private static Link ToStored(NetworkLink link) => new()
    {
        Client = ToStored(link.Client),
        Server = ToStored(link.Server),
        ServerPort = link.ServerPort,
        Role = (uint)link.Role,
    };

    private static Stored.Workload ToStored(Workload workload) => new()
    {
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Owner = workload.Owner,
    };

    private static Stored.Contribution ToStored(Contributor by, in LinkTotals totals, SourceTable sources)
    {
        var stored = ToStored(totals);
        (stored.Source, stored.Origin) = (sources.IndexOf(by.Source), by.Origin);
        return stored;
    }

    private static Stored.Contribution ToStored(in LinkTotals totals) => new()
    {
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

    private static Stored.Watermark ToStored(
        KeyValuePair<Source, ulong> watermark, IReadOnlyDictionary<Source, ulong> epochs, SourceTable sources) =>
        new() { Source = sources.IndexOf(watermark.Key), Sequence = watermark.Value, Epoch = epochs.GetValueOrDefault(watermark.Key) };

    private static long ToMs(TimeSpan time) => (long)time.TotalMilliseconds;

    private static ByteString Pack(IReadOnlyCollection<Guid> incarnations)
    {
        var packed = new byte[incarnations.Count * IncarnationBytes];
        var at = 0;
        foreach (var incarnation in incarnations)
        {
            incarnation.TryWriteBytes(packed.AsSpan(at), bigEndian: true, out _);
            at += IncarnationBytes;
        }

        return UnsafeByteOperations.UnsafeWrap(packed);
    }

    private static Guid[] Unpack(ByteString packed) =>
        [.. packed.Memory.ToArray().Chunk(IncarnationBytes).Select(bytes => new Guid(bytes, bigEndian: true))];

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

    private static Dictionary<Source, ulong> ReadHistories(IEnumerable<Stored.Watermark> stored, IReadOnlyList<Source> sources) =>
        stored.Where(watermark => watermark.History != History.Nothing)
            .ToDictionary(watermark => sources[(int)watermark.Source], watermark => watermark.History);

    private static Dictionary<Source, ulong> ReadEpochs(IEnumerable<Stored.Watermark> stored, IReadOnlyList<Source> sources) =>
        stored.Where(watermark => watermark.Epoch != 0)
            .ToDictionary(watermark => sources[(int)watermark.Source], watermark => watermark.Epoch);

    private static List<KeyValuePair<Source, ulong>> ReadWatermarks(IEnumerable<Stored.Watermark> stored, IReadOnlyList<Source> sources) =>
        [.. stored.Select(watermark => KeyValuePair.Create(sources[(int)watermark.Source], watermark.Sequence))];
}
