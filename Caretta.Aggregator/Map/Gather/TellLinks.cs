using System.Text;
using Caretta.Aggregator.Map.Trails;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>Answers another member's question about this one's links. Pure.</summary>
/// <param name="epoch">Of the numbers of <paramref name="own"/>: another process, or this one restarted, has others.</param>
internal sealed class TellLinks(OwnLinks own, ulong epoch)
{
    /// <summary>Akka.Remote carries 128,000 bytes in a message.</summary>
    public const int MostBytes = 80_000;

    /// <summary>What a link takes at most beside its names, and what the id of one that ended takes.</summary>
    private const int BytesPerLink = 260;
    private const int BytesPerGone = 8;

    public LinksTold Withhold(AskLinks ask) => new(ask.Number, epoch, Withheld: true, Anew: false, ask.Cursor, More: false, [], []);

    public LinksTold Answer(AskLinks ask)
    {
        var isKnown = ask.Epoch == epoch && own.ChangesSince(ask.Cursor) is not null;
        var (from, known) = isKnown ? (ask.Cursor, ask.Base) : (0, 0);
        var (links, gone, bytes, more) = (new List<ToldLink>(), new List<ulong>(), 0, false);
        foreach (var change in own.ChangesSince(from) ?? [])
        {
            var isNamed = change.BornSequence > known;
            bytes += change.Fact is null ? BytesPerGone : BytesPerLink + (isNamed ? MapFormat.Texts(change.Fact.Link).Sum(Encoding.UTF8.GetByteCount) : 0);
            if (bytes > MostBytes)
            {
                more = true;
                break;
            }

            if (change.Fact is null)
            {
                gone.Add(change.LinkId);
            }
            else
            {
                links.Add(new ToldLink(change.LinkId, change.Fact, isNamed));
            }

            from = change.Sequence;
        }

        return new LinksTold(ask.Number, epoch, Withheld: false, Anew: !isKnown, from, more, links, gone);
    }
}
