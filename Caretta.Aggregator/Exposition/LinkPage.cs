using System.Text;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Exposition;

/// <summary>Writes the links' part of a scrape in Prometheus' text format 0.0.4, straight from encoded labels into one reused buffer.</summary>
internal sealed class LinkPage(LinkGauges gauges, bool full)
{
    /// <summary>The kernel's names in lower case.</summary>
    private static readonly byte[][] StateLabels =
    [
        .. new[]
        {
            "", "established", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2", "time_wait", "close", "close_wait", "last_ack",
            "listen", "closing",
        }.Select(name => Encoding.UTF8.GetBytes($",state=\"{name}\"")),
    ];

    public async Task WriteAsync(Stream to, CancellationToken cancel)
    {
        var links = gauges.Look();
        using var page = new PageBuffer(to);
        if (links.Length == 0)
        {
            return;
        }

        foreach (var family in full ? LinkFamilies.Full : [LinkFamilies.Observed])
        {
            await page.WriteAsync(family.Header, cancel);
            for (var next = Fill(page, family, links, 0); next < links.Length; next = Fill(page, family, links, next))
            {
                await page.FlushAsync(cancel);
            }
        }

        if (full)
        {
            await WriteStatesAsync(page, links, cancel);
        }

        await page.FlushAsync(cancel);
    }

    /// <returns>The first link that found no room in the buffer.</returns>
    private static int Fill(PageBuffer page, LinkFamily family, (byte[] Labels, LinkValues Values)[] links, int next)
    {
        for (; next < links.Length && page.HasRoom(family.Samples.Length, links[next].Labels.Length); next++)
        {
            foreach (var sample in family.Samples)
            {
                page.Line(sample.NameBytes, links[next].Labels, [], sample.Value(links[next].Values), sample.InMicroseconds);
            }
        }

        return next;
    }

    private static async Task WriteStatesAsync(PageBuffer page, (byte[] Labels, LinkValues Values)[] links, CancellationToken cancel)
    {
        await page.WriteAsync(LinkFamilies.TcpStates.Header, cancel);
        var name = Encoding.UTF8.GetBytes(LinkFamilies.TcpStates.Name);
        foreach (var (labels, values) in links)
        {
            if (!page.HasRoom(LinkLevels.StateCount, labels.Length))
            {
                await page.FlushAsync(cancel);
            }

            for (var state = 1; state < LinkLevels.StateCount; state++)
            {
                if (values.Levels[(TcpState)state] is var connections and > 0)
                {
                    page.Line(name, labels, StateLabels[state], connections, inMicroseconds: false);
                }
            }
        }
    }
}
