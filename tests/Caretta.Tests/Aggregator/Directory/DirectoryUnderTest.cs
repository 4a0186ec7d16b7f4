using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory;

/// <summary>The directory over a real index, on a clock of its own, and short ways to tell and to ask it.</summary>
internal sealed class DirectoryUnderTest
{
    public static readonly ObjectKind[] AllKinds = Enum.GetValues<ObjectKind>();

    public DirectoryUnderTest(ExternalNames? externals = null, TimeSpan? retention = null)
    {
        externals ??= new ExternalNames(ExternalGroups.Parse(""), together: false, reverse: null);
        var settings = new IndexSettings { Retention = retention ?? new IndexSettings().Retention };
        Directory = new ClusterDirectory(new WorkloadIndex(settings), externals, Time);
    }

    public ManualTime Time { get; } = new();

    public ClusterDirectory Directory { get; }

    public static Subject At(string address) => Subject.Of(Address.Parse(address));

    /// <summary>Every kind has been listed and is watched; none has objects but these.</summary>
    public static DirectoryUnderTest Listed(params ClusterObject[] objects)
    {
        var under = new DirectoryUnderTest();
        under.ListAll(objects);
        return under;
    }

    public void ListAll(params ClusterObject[] objects)
    {
        foreach (var kind in AllKinds)
        {
            List(kind, [.. objects.Where(listed => listed.Kind == kind)]);
        }
    }

    public void List(ObjectKind kind, params ClusterObject[] objects)
    {
        Directory.ListBegins(kind, mayHaveMissed: false);
        Directory.Listed(kind, objects);
        Directory.ListEnds(kind);
        Directory.StateChanged(kind, WatchState.Current);
    }

    public RecordingClient Join()
    {
        var client = new RecordingClient();
        Directory.Join(client);
        return client;
    }

    /// <summary>What holds now of each, which the client is told of from here on.</summary>
    public string[] Ask(IDirectoryClient client, params Subject[] subjects) =>
        Said(Directory.Ask(client, [.. subjects.Select(subject => new SubjectQuestion(subject, Directory.Now))]));

    /// <summary>What holds now of each of what has changed.</summary>
    public string[] Tell(IDirectoryClient client, params Subject[] changed) => Said(Directory.Tell(client, changed));

    private static string[] Said(IEnumerable<SubjectAnswer> answers) =>
        [.. answers.Select(answer => $"{answer.Subject}: {answer.Timeline.Last.Workload?.Name ?? $"{answer.Timeline.Last.Knowledge}"}")];
}
