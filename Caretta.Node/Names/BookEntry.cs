using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What is known of one subject, and how far it can be trusted.</summary>
internal sealed class BookEntry(Subject subject)
{
    public Subject Subject { get; } = subject;

    /// <summary>Null until the first answer.</summary>
    public Timeline? Timeline { get; private set; }

    /// <summary>What was known when a stream ended, and when that was; null if no stream has ended since the first answer.</summary>
    public (Timeline Timeline, TimeSpan Until)? Before { get; private set; }

    /// <summary>The timeline holds up to here: the stream that told of changes has ended. Null while it goes on.</summary>
    public TimeSpan? ConfirmedUntil { get; private set; }

    /// <summary>The latest question reached back to here; null if none was asked on this stream.</summary>
    public TimeSpan? AskedFrom { get; set; }

    /// <summary>A question is to be asked that reaches back to here.</summary>
    public TimeSpan? ToAsk { get; set; }

    public TimeSpan UsedAt { get; set; }

    /// <summary>The trusted time (see <see cref="AddressBook"/>) at which the present doubt began.</summary>
    public TimeSpan DoubtSince { get; private set; }

    public void Learn(Timeline told, TimeSpan trusted, TimeSpan linger)
    {
        var composed = Before is { } before ? TimelineSplice.Join(before.Timeline, before.Until, told, linger) : told;
        if (Timeline is null || Timeline.Last.Knowledge != composed.Last.Knowledge)
        {
            DoubtSince = trusted;
        }

        (Timeline, ConfirmedUntil) = (composed, null);
    }

    /// <param name="heardAt">When the stream was last heard of: what changed after that may not have been told.</param>
    public void StreamEnded(TimeSpan heardAt)
    {
        AskedFrom = null;
        if (Timeline is not null && ConfirmedUntil is null)
        {
            ConfirmedUntil = heardAt;
            Before = (Timeline, heardAt);
        }
    }
}
