namespace Caretta.Aggregator.Directory.Index;

/// <summary>How far the lists of one kind have come.</summary>
internal sealed class KindWatch
{
    private bool _missed;

    /// <summary>Counts the lists, to tell what a list did not name.</summary>
    public int List { get; private set; }

    /// <summary>We may not see this kind.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Since when nothing of this kind went unseen; null before the first list has come to its end.</summary>
    public TimeSpan? CompleteSince { get; private set; }

    /// <summary>
    /// The end of the first list: before it, an object that is not known says little. The end of time while it runs, the beginning of time if
    /// none has begun.
    /// </summary>
    public TimeSpan FirstListed { get; private set; } = TimeSpan.MinValue;

    public void BeginList(bool mayHaveMissed)
    {
        List++;
        _missed |= mayHaveMissed;
        FirstListed = FirstListed == TimeSpan.MinValue ? TimeSpan.MaxValue : FirstListed;
    }

    public void EndList(TimeSpan now)
    {
        CompleteSince = CompleteSince is null || _missed ? now : CompleteSince;
        FirstListed = FirstListed == TimeSpan.MaxValue ? now : FirstListed;
        (_missed, IsForbidden) = (false, false);
    }

    public void Forbid()
    {
        (IsForbidden, CompleteSince, FirstListed) = (true, null, TimeSpan.MinValue);
    }

    public void Allow() => IsForbidden = false;
}
