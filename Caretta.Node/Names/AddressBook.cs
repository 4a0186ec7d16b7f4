using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>
/// What the directory has told this agent, and what to ask it. Pure: times are the caller's, on one monotonic clock. What is not known is
/// asked once; the directory tells of changes as long as the stream lasts. When it ends, what is known holds for the time until then:
/// later traffic waits until the directory answers again. Doubts ("nobody has it", "not in my history") are believed only after a
/// grace, which runs on <em>trusted time</em>: while a directory that sees changes as they come is connected.
/// </summary>
public sealed class AddressBook(BookSettings settings)
{
    /// <summary>An answer's times are late by as much as the question and it travelled.</summary>
    private static readonly TimeSpan AskFurther = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ForgetAfterWhenFull = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Subject, BookEntry> _entries = [];
    private readonly List<BookEntry> _toAsk = [];
    private readonly List<Subject> _forgotten = [];
    private DirectoryState _state;
    private TimeSpan _now;
    private TimeSpan _trusted;

    /// <summary>Counts up whenever a resolution may have changed.</summary>
    public ulong Version { get; private set; } = 1;

    public int Count => _entries.Count;

    /// <summary>Subjects that were not looked up because there was no room for them.</summary>
    public ulong Overflowed { get; private set; }

    public DirectoryState State => _state;

    /// <summary>Lets the time up to now count.</summary>
    public void Advance(TimeSpan now)
    {
        if (!_state.Answers)
        {
            Version++; // what is true of traffic until the stream ended need not be of what came after
        }

        if (now <= _now)
        {
            return;
        }

#if MUTANT_GRACE_WITHOUT_DIRECTORY
        _trusted += now - _now;
#else
        _trusted += _state.Current ? now - _now : TimeSpan.Zero;
#endif
        _now = now;
    }

    /// <param name="at">When the traffic was.</param>
    public Resolution Resolve(Subject subject, TimeSpan at)
    {
        if (EntryOf(subject) is not { } entry)
        {
            Overflowed++;
            return Resolution.Wait;
        }

        entry.UsedAt = _now;
#if MUTANT_TRUST_WITHOUT_STREAM
        if (entry.Timeline is null)
#else
        if (entry.Timeline is null || entry.ConfirmedUntil < at)
#endif
        {
            Ask(entry, at);
            return Resolution.Wait;
        }

        return Read(entry, at);
    }

    /// <summary>The last holder known, at whatever time; null if none is.</summary>
    public Workload? LastHolder(Subject subject) =>
        _entries.TryGetValue(subject, out var entry)
            ? entry.Timeline?.Entries.LastOrDefault(known => known.Knowledge == Knowledge.Held).Workload
            : null;

    public void StateChanged(DirectoryState state, TimeSpan now)
    {
        Advance(now);
        _state = state;
        Version++;
    }

    /// <param name="heardAt">When the aggregator was last heard of.</param>
    public void StreamEnded(TimeSpan heardAt, TimeSpan now)
    {
        Advance(heardAt);
        _state = default;
        Advance(now);
        foreach (var entry in _entries.Values)
        {
            entry.StreamEnded(heardAt);
        }

        _toAsk.Clear();
        _forgotten.Clear();
        foreach (var entry in _entries.Values.Where(entry => entry.ToAsk is not null))
        {
            _toAsk.Add(entry);
        }

        Version++;
    }

    /// <summary>What to ask now; none while nobody answers.</summary>
    public (IReadOnlyList<SubjectQuestion> Questions, IReadOnlyList<Subject> Forgotten) TakeQuestions()
    {
        if (!_state.Answers)
        {
            return ([], []);
        }

        var asked = _toAsk.Take(NameQuestions.MaxPerMessage).Select(Asked).ToList();
        _toAsk.RemoveRange(0, asked.Count);
        var forgotten = _forgotten.Take(NameQuestions.MaxPerMessage).ToList();
        _forgotten.RemoveRange(0, forgotten.Count);
        return (asked, forgotten);
    }

    /// <summary>Answers and changes alike. What is not in the book any more is ignored.</summary>
    public void Learn(IEnumerable<SubjectAnswer> answers, TimeSpan now)
    {
        Advance(now);
        foreach (var (subject, timeline) in answers)
        {
            if (_entries.TryGetValue(subject, out var entry))
            {
                entry.Learn(timeline, _trusted, settings.Linger);
            }
        }

        Version++;
    }

    /// <summary>Once a minute: drops what has not been needed for long, and sooner if there is no room for more.</summary>
    public void Forget()
    {
        Version++; // what an address lingered with may have ended
        var after = _entries.Count < settings.Capacity ? settings.ForgetAfter : ForgetAfterWhenFull;
        foreach (var entry in _entries.Values.Where(entry => _now - entry.UsedAt >= after).ToList())
        {
            _entries.Remove(entry.Subject);
            if (entry.ToAsk is not null)
            {
                _toAsk.Remove(entry);
            }

            if (entry.AskedFrom is not null)
            {
                _forgotten.Add(entry.Subject);
            }
        }
    }

    private Resolution Read(BookEntry entry, TimeSpan at)
    {
        var known = entry.Timeline!.At(at);
        var believed = _trusted - entry.DoubtSince >= settings.Grace;
        switch (known.Knowledge)
        {
            case Knowledge.Held: return Resolution.HeldBy(known.Workload!);
            case Knowledge.Nobody when believed: return Resolution.OfExternal(known.Workload);
            case Knowledge.NotInHistory when entry.AskedFrom > at - AskFurther: Ask(entry, at); return Resolution.Wait;
            case Knowledge.NotInHistory when believed: return Resolution.Unresolved;
            default: return Resolution.Wait;
        }
    }

    private BookEntry? EntryOf(Subject subject)
    {
        if (_entries.TryGetValue(subject, out var entry))
        {
            return entry;
        }

        return _entries.Count >= settings.Capacity ? null : _entries[subject] = new BookEntry(subject);
    }

    private void Ask(BookEntry entry, TimeSpan at)
    {
        var from = (entry.ConfirmedUntil < at ? entry.ConfirmedUntil.Value : at) - AskFurther;
        if (entry.ToAsk is null && !(entry.AskedFrom <= from))
        {
            entry.ToAsk = from;
            _toAsk.Add(entry);
        }
        else if (entry.ToAsk > from)
        {
            entry.ToAsk = from;
        }
    }

    private SubjectQuestion Asked(BookEntry entry)
    {
        var question = new SubjectQuestion(entry.Subject, entry.ToAsk!.Value);
        (entry.AskedFrom, entry.ToAsk) = (entry.ToAsk, null);
        return question;
    }
}
