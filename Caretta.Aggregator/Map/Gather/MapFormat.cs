using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map.Trails;
using Caretta.Messages;
using Wire = Caretta.Aggregator.Shards.Wire;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>Between what members tell each other for the map and members.proto.</summary>
internal static class MapFormat
{
    private const int TextsPerLink = 8;

    public static Wire.AskLinks ToWire(this AskLinks ask) => new() { Number = ask.Number, Epoch = ask.Epoch, Base = ask.Base, Cursor = ask.Cursor };

    public static AskLinks ToDomain(this Wire.AskLinks wire) => new(wire.Number, wire.Epoch, wire.Base, wire.Cursor);

    public static Wire.LinksTold ToWire(this LinksTold told)
    {
        var texts = new Dictionary<string, uint>(StringComparer.Ordinal);
        var wire = new Wire.LinksTold
        {
            Number = told.Number,
            Epoch = told.Epoch,
            Withheld = told.Withheld,
            Anew = told.Anew,
            Cursor = told.Cursor,
            More = told.More,
            Gone = { told.Gone },
            Links = { told.Links.Select(link => ToWire(link, texts)) },
        };
        wire.Texts.Add(texts.OrderBy(text => text.Value).Select(text => text.Key));
        return wire;
    }

    public static LinksTold ToDomain(this Wire.LinksTold wire) => new(
        wire.Number, wire.Epoch, wire.Withheld, wire.Anew, wire.Cursor, wire.More, [.. wire.Links.Select(link => Read(link, wire.Texts))], [.. wire.Gone]);

    public static Wire.AskHistories ToWire(this AskHistories ask) => new() { Number = ask.Number, LinkIds = { ask.LinkIds } };

    public static AskHistories ToDomain(this Wire.AskHistories wire) => new(wire.Number, [.. wire.LinkIds]);

    public static Wire.HistoriesTold ToWire(this HistoriesTold told) => new()
    {
        Number = told.Number,
        Histories =
        {
            told.Histories.Select(of => new Wire.MapHistory
            {
                LinkId = of.Key,
                From = of.Value.From,
                Sent = { of.Value.Sent },
                Received = { of.Value.Received },
                Failed = { of.Value.Failed },
            }),
        },
    };

    public static HistoriesTold ToDomain(this Wire.HistoriesTold wire) => new(
        wire.Number,
        [.. wire.Histories.Select(of => KeyValuePair.Create(of.LinkId, new History(of.From, [.. of.Sent], [.. of.Received], [.. of.Failed])))]);

    private static Wire.MapLink ToWire(ToldLink told, Dictionary<string, uint> texts)
    {
        var (figures, rates, seen) = (told.Fact.Figures, told.Fact.Rates, told.Fact.Seen);
        var wire = new Wire.MapLink
        {
            Id = told.LinkId,
            Names = told.IsNamed ? ToWire(told.Fact.Link, texts) : null,
            SentBytes = figures.SentBytes,
            ReceivedBytes = figures.ReceivedBytes,
            Opened = figures.Opened,
            Closed = figures.Closed,
            Failed = figures.Failed,
            RetransmittedBytes = figures.RetransmittedBytes,
            RttMicroseconds = figures.RttMicroseconds,
            RttSamples = figures.RttSamples,
            SentRate = rates.Sent,
            ReceivedRate = rates.Received,
            OpenedRate = rates.Opened,
            FailedRate = rates.Failed,
            RecentRttMicroseconds = rates.RttMicroseconds,
            RecentRttSamples = rates.RttSamples,
            FirstSeenMs = seen.FirstMs,
            LastSeenMs = seen.LastMs,
        };
        for (var state = 0; !told.Fact.Levels.IsEmpty && state < LinkLevels.StateCount; state++)
        {
            wire.States.Add(told.Fact.Levels[(TcpState)state]);
        }

        return wire;
    }

    private static Wire.MapNames ToWire(NetworkLink link, Dictionary<string, uint> texts)
    {
        var names = new Wire.MapNames { Port = link.ServerPort, Role = (uint)link.Role };
        foreach (var text in Texts(link))
        {
            if (!texts.TryGetValue(text, out var index))
            {
                texts.Add(text, index = (uint)texts.Count);
            }

            names.Texts.Add(index);
        }

        return names;
    }

    public static string[] Texts(NetworkLink link) =>
    [
        link.Client.Namespace, link.Client.Kind, link.Client.Name, link.Client.Owner, link.Server.Namespace, link.Server.Kind, link.Server.Name, link.Server.Owner,
    ];

    private static ToldLink Read(Wire.MapLink wire, IReadOnlyList<string> texts)
    {
        var link = wire.Names is null ? null : Read(wire.Names, texts);
        var fact = new LinkFact(
            link ?? Unnamed,
            link is null ? 0 : LinkFact.EdgeIdOf(link),
            new LinkFigures(
                wire.SentBytes, wire.ReceivedBytes, wire.Opened, wire.Closed, wire.Failed, wire.RetransmittedBytes, wire.RttMicroseconds, wire.RttSamples),
            new LinkRates(wire.SentRate, wire.ReceivedRate, wire.OpenedRate, wire.FailedRate, wire.RecentRttMicroseconds, wire.RecentRttSamples),
            LinkLevels.Of([.. wire.States]),
            new LinkSeen(wire.FirstSeenMs, wire.LastSeenMs));
        return new ToldLink(wire.Id, fact, link is not null);
    }

    private static NetworkLink? Read(Wire.MapNames names, IReadOnlyList<string> texts)
    {
        if (names.Texts.Count != TextsPerLink || names.Texts.Any(index => index >= texts.Count))
        {
            return null; // as if it had no names: asked for again, with all
        }

        Workload End(int first) =>
            new(texts[(int)names.Texts[first]], texts[(int)names.Texts[first + 1]], texts[(int)names.Texts[first + 2]], texts[(int)names.Texts[first + 3]]);
        return new NetworkLink(End(0), End(TextsPerLink / 2), (ushort)names.Port, (Role)names.Role);
    }

    /// <summary>Stands where no names were told; never looked at.</summary>
    private static readonly NetworkLink Unnamed = new(new Workload("", "", ""), new Workload("", "", ""), 0, Role.Client);
}
