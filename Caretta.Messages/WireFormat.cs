using Caretta.Messages.Wire;

namespace Caretta.Messages;

/// <summary>Between the domain's types and the generated ones, so that neither end writes a field by hand.</summary>
public static class WireFormat
{
    public static Link ToWire(this NetworkLink link) => new()
    {
        Client = link.Client.ToWire(),
        Server = link.Server.ToWire(),
        ServerPort = link.ServerPort,
        Role = (uint)link.Role,
    };

    public static Wire.Workload ToWire(this Workload workload) => new()
    {
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Owner = workload.Owner,
    };

    public static Totals ToWire(this in LinkTotals totals) => new()
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

    public static Levels ToWire(this in LinkLevels levels)
    {
        var wire = new Levels();
        for (var state = 1; state < LinkLevels.StateCount; state++)
        {
            if (levels[(TcpState)state] is var connections and > 0)
            {
                wire.States.Add(new StateCount { State = (uint)state, Connections = connections });
            }
        }

        return wire;
    }

    public static LinkReport ToWire(this Report report) => new()
    {
        Link = report.Link.ToWire(),
        Sequence = report.Sequence,
        Totals = report.Totals.ToWire(),
        Levels = report.Levels.ToWire(),
    };

    /// <exception cref="InvalidDataException">As for the link in it.</exception>
    public static Report ToDomain(this LinkReport report) =>
        new(report.Link.ToDomain(), report.Sequence, report.Totals.ToDomain(), report.Levels.ToDomain());

    /// <summary>Checks what a stranger sent.</summary>
    /// <exception cref="InvalidDataException">A part is missing, or a port or role is out of range; the message names it.</exception>
    public static NetworkLink ToDomain(this Link? link)
    {
        if (link is null)
        {
            throw new InvalidDataException("A report names no link.");
        }

        if (link.ServerPort > ushort.MaxValue)
        {
            throw new InvalidDataException($"A link's server port is {link.ServerPort}; ports end at {ushort.MaxValue}.");
        }

        if (link.Role is not ((uint)Role.Client or (uint)Role.Server))
        {
            throw new InvalidDataException($"A link's role is {link.Role}; it is 1 (client) or 2 (server).");
        }

        return new NetworkLink(link.Client.ToDomain(), link.Server.ToDomain(), (ushort)link.ServerPort, (Role)link.Role);
    }

    /// <exception cref="InvalidDataException">The workload is missing.</exception>
    public static Workload ToDomain(this Wire.Workload? workload) => workload is null
        ? throw new InvalidDataException("A link names no client or no server.")
        : new Workload(workload.Namespace, workload.Kind, workload.Name, workload.Owner);

    public static LinkTotals ToDomain(this Totals? totals) => totals is null
        ? default
        : new LinkTotals(
            totals.SentBytes,
            totals.ReceivedBytes,
            totals.PastSentBytes,
            totals.PastReceivedBytes,
            totals.Opened,
            totals.Closed,
            totals.Failed,
            totals.RetransmittedBytes,
            totals.RttMicroseconds,
            totals.RttSamples,
            totals.LifetimeMicroseconds);

    public static LinkLevels ToDomain(this Levels? levels)
    {
        if (levels is null)
        {
            return default;
        }

        Span<uint> counts = stackalloc uint[LinkLevels.StateCount];
        foreach (var entry in levels.States)
        {
            if (entry.State is > 0 and < LinkLevels.StateCount)
            {
                counts[(int)entry.State] = entry.Connections;
            }
        }

        return LinkLevels.Of(counts);
    }
}
