using Akka.Actor;
using Caretta.Aggregator.Directory;
using Caretta.Messages;
using Caretta.Messages.Wire;
using DirectoryState = Caretta.Messages.DirectoryState;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Aggregator.Ingress;

/// <summary>One stream's part of the directory: what it asks, and what it is still to be told of.</summary>
/// <param name="stream">Gets what the directory says, as <see cref="Subject"/> (it has changed) and <see cref="DirectoryState"/>.</param>
internal sealed class DirectoryDialogue(IDirectory directory, IActorRef stream)
{
    /// <summary>With the longest names and timelines a message of so many is below a megabyte; an agent takes no more than four.</summary>
    private const int AnswersTogether = 100;

    private readonly HashSet<Subject> _changed = [];
    private readonly Client _client = new(stream);

    public bool HasChanges => _changed.Count > 0;

    public FromAggregator Begin() => new() { Directory = directory.Join(_client).ToWire() };

    /// <exception cref="TooManySubjectsException">More than one stream may ask about.</exception>
    public IEnumerable<FromAggregator> Answer(NameQuestions questions)
    {
        directory.Forget(_client, questions.Forgotten);
        var parts = directory.Ask(_client, questions.Subjects).Chunk(AnswersTogether).ToList();
        for (var i = 0; i < parts.Count - 1; i++)
        {
            yield return ToWire(new NameAnswers(0, parts[i], []));
        }

        yield return ToWire(new NameAnswers(questions.Id, parts.Count > 0 ? parts[^1] : [], [])); // the last part says that it was the last
    }

    /// <returns>True if it is the first to be told of.</returns>
    public bool Note(Subject changed) => _changed.Add(changed) && _changed.Count == 1;

    /// <summary>Null if there is nothing to tell after all.</summary>
    public FromAggregator? NextChanges()
    {
        var next = _changed.Take(AnswersTogether).ToList();
        _changed.ExceptWith(next);
        return directory.Tell(_client, next) is { Count: > 0 } answers ? ToWire(new NameAnswers(0, answers, [])) : null;
    }

    public void End() => directory.Leave(_client);

    private FromAggregator ToWire(NameAnswers answers) => new() { Names = answers.ToWire(directory.Now) };

    private sealed class Client(IActorRef stream) : IDirectoryClient
    {
        public void Changed(Subject subject) => stream.Tell(subject);

        public void StateChanged(DirectoryState state) => stream.Tell(state);
    }
}
