using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Caretta.Messages;

/// <summary>
/// The directory's questions and answers between the domain's types and the generated ones. Times cross the wire as ages, because the two
/// ends' clocks have nothing in common; <c>now</c> is the clock of the end that converts.
/// </summary>
public static class NameWireFormat
{
    private const int UidSize = 16;

    /// <summary>Older is as good as this.</summary>
    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(3650);

    public static Wire.DirectoryState ToWire(this DirectoryState state) =>
        new() { Enabled = state.Enabled, Answers = state.Answers, Current = state.Current };

    public static DirectoryState ToDomain(this Wire.DirectoryState wire) => new(wire.Enabled, wire.Answers, wire.Current);

    public static Wire.Questions ToWire(this NameQuestions questions, TimeSpan now)
    {
        var wire = new Wire.Questions { Id = questions.Id };
        wire.Questions_.AddRange(questions.Subjects.Select(
            question => new Wire.Question { Subject = question.Subject.ToWire(), AgeMs = Age(question.From, now) }));
        wire.Externals.AddRange(questions.Externals.Select(pair => pair.ToWire()));
        wire.Forgotten.AddRange(questions.Forgotten.Select(subject => subject.ToWire()));
        return wire;
    }

    /// <exception cref="InvalidDataException">A field holds what it cannot.</exception>
    public static NameQuestions ToDomain(this Wire.Questions wire, TimeSpan now) => new(
        wire.Id,
        [.. wire.Questions_.Select(question => new SubjectQuestion(question.Subject.ToDomain(), now - Past(question.AgeMs)))],
        [.. wire.Externals.Select(pair => pair.ToDomain().Pair)],
        [.. wire.Forgotten.Select(subject => subject.ToDomain())]);

    public static Wire.Names ToWire(this NameAnswers answers, TimeSpan now)
    {
        var wire = new Wire.Names { Id = answers.Id };
        wire.Answers.AddRange(answers.Subjects.Select(answer => answer.ToWire(now)));
        wire.Externals.AddRange(answers.Externals.Select(granted =>
        {
            var pair = granted.Pair.ToWire();
            pair.Granted = granted.Granted;
            return pair;
        }));
        return wire;
    }

    /// <exception cref="InvalidDataException">A field holds what it cannot.</exception>
    public static NameAnswers ToDomain(this Wire.Names wire, TimeSpan now) => new(
        wire.Id,
        [.. wire.Answers.Select(answer => new SubjectAnswer(answer.Subject.ToDomain(), ToTimeline(answer, now)))],
        [.. wire.Externals.Select(pair => pair.ToDomain())]);

    private static Wire.Answer ToWire(this SubjectAnswer answer, TimeSpan now)
    {
        var wire = new Wire.Answer { Subject = answer.Subject.ToWire() };
        wire.Segments.AddRange(answer.Timeline.Entries.Select(entry => new Wire.Segment
        {
            FromAgeMs = Age(entry.From, now),
            Knowledge = (uint)entry.Knowledge,
            Workload = entry.Workload?.ToWire(),
        }));
        return wire;
    }

    private static Timeline ToTimeline(Wire.Answer answer, TimeSpan now)
    {
        var entries = new TimelineEntry[answer.Segments.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var segment = answer.Segments[i];
            var knowledge = (Knowledge)segment.Knowledge;
            Require(Enum.IsDefined(knowledge), $"an answer speaks of knowledge {segment.Knowledge}");
            Require(knowledge != Knowledge.Held || segment.Workload is not null, "an answer names a holder and leaves its name out");
            entries[i] = new TimelineEntry(now - Past(segment.FromAgeMs), knowledge, segment.Workload?.ToDomain());
            Require(i == 0 || entries[i - 1].From <= entries[i].From, "an answer's segments are out of order");
        }

        Require(entries.Length > 0, "an answer is empty");
        return new Timeline(entries);
    }

    private static Wire.Subject ToWire(this Subject subject)
    {
        var bytes = new byte[Address.Size];
        if (subject.IsPod)
        {
            subject.Pod.TryWriteBytes(bytes, bigEndian: true, out _);
            return new Wire.Subject { PodUid = UnsafeByteOperations.UnsafeWrap(bytes) };
        }

        subject.Address.CopyTo(bytes);
        return new Wire.Subject { Address = UnsafeByteOperations.UnsafeWrap(bytes) };
    }

    private static Subject ToDomain(this Wire.Subject? wire)
    {
        switch (wire?.SubjectCase)
        {
            case Wire.Subject.SubjectOneofCase.Address:
                Require(wire.Address.Length == Address.Size, $"an address has {wire.Address.Length} bytes");
                return Subject.Of(new Address(wire.Address.Span));
            case Wire.Subject.SubjectOneofCase.PodUid:
                Require(wire.PodUid.Length == UidSize && wire.PodUid.Span.ContainsAnyExcept((byte)0), "a pod's uid is not one");
                return Subject.OfPod(new Guid(wire.PodUid.Span, bigEndian: true));
            default:
                throw Invalid("a subject is missing");
        }
    }

    private static Wire.ExternalPair ToWire(this ExternalPair pair) => new() { Local = pair.Local.ToWire(), External = pair.External.ToWire() };

    private static GrantedPair ToDomain(this Wire.ExternalPair wire)
    {
        Require(wire.Local is not null && wire.External is not null, "a pair lacks an end");
        return new GrantedPair(new ExternalPair(wire.Local!.ToDomain(), wire.External!.ToDomain()), wire.Granted);
    }

    private static ulong Age(TimeSpan then, TimeSpan now) =>
        then <= now - OldestAge ? (ulong)OldestAge.TotalMilliseconds : then >= now ? 0 : (ulong)(now - then).TotalMilliseconds;

    private static TimeSpan Past(ulong ageMs) => ageMs >= OldestAge.TotalMilliseconds ? OldestAge : TimeSpan.FromMilliseconds(ageMs);

    private static void Require([DoesNotReturnIf(false)] bool kept, string what)
    {
        if (!kept)
        {
            throw Invalid(what);
        }
    }

    private static InvalidDataException Invalid(string what) => new($"The message is broken: {what}.");
}
