namespace Caretta.Aggregator.Map.Gather;

/// <summary>What another member has told of its links so far. Pure.</summary>
internal sealed class HeldMember
{
    private readonly Dictionary<ulong, LinkFact> _links = [];
    private ulong _epoch;
    private long _base;
    private long _cursor;
    private long _asked;

    public IReadOnlyCollection<LinkFact> Links => _links.Values;

    /// <summary>Has answered the last round, whole.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>When it last had, on a monotonic clock; null: never.</summary>
    public TimeSpan? AnsweredAt { get; private set; }

    /// <summary>A round begins.</summary>
    public void Begin() => HasAnswered = false;

    public AskLinks Ask(long number)
    {
        _asked = number;
        return new AskLinks(number, _epoch, _base, _cursor);
    }

    /// <returns>Whether there is more to ask for now.</returns>
    public bool Take(LinksTold told, TimeSpan at)
    {
        if (told.Number != _asked || told.Withheld)
        {
            return false; // late, twice, or a member that does not know whether its links are still its own
        }

        _asked = 0;
        if (told.Anew || told.Epoch != _epoch)
        {
            _links.Clear();
            (_epoch, _base) = (told.Epoch, 0);
        }

        foreach (var linkId in told.Gone)
        {
            _links.Remove(linkId);
        }

        if (!told.Links.All(Take))
        {
            Forget();
            return false;
        }

        _cursor = told.Cursor;
        if (!told.More)
        {
            (_base, HasAnswered, AnsweredAt) = (_cursor, true, at);
        }

        return told.More;
    }

    private bool Take(ToldLink told)
    {
        if (told.IsNamed)
        {
            _links[told.LinkId] = told.Fact;
            return true;
        }

        if (!_links.TryGetValue(told.LinkId, out var known))
        {
            return false;
        }

        _links[told.LinkId] = told.Fact with { Link = known.Link, EdgeId = known.EdgeId };
        return true;
    }

    /// <summary>It thinks we know what we do not: the next round asks for everything.</summary>
    private void Forget()
    {
        _links.Clear();
        (_epoch, _base, _cursor) = (0, 0, 0);
    }
}
