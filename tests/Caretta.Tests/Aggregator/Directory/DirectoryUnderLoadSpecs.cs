using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory;

/// <summary>Streams ask from their threads while the watches tell from theirs.</summary>
public class DirectoryUnderLoadSpecs
{
    private const string Address = "10.0.0.1";
    private const int Askers = 3;
    private const int QuestionsEach = 3000;

    private readonly DirectoryUnderTest _under = new(retention: TimeSpan.FromSeconds(30));
    private readonly TaskCompletionSource _changing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Every_answer_names_a_holder_and_who_has_an_old_one_has_been_told()
    {
        _under.ListAll(
            Controller(ObjectKind.DaemonSet, "front"), Controller(ObjectKind.DaemonSet, "back"), Pod("pod 0", Address).Of("DaemonSet", "back"));
        using var over = new CancellationTokenSource();
        var writing = Task.Run(() => ChangeHolders(over.Token), TestContext.Current.CancellationToken);
        await _changing.Task;
        var asked = await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(Ask, TestContext.Current.CancellationToken)));
        await over.CancelAsync();
        var changes = await writing;

        string[] holders = [$"{Address}: front", $"{Address}: back"];
        Assert.All(asked.SelectMany(one => one), one => Assert.Contains(one.Answer, holders));
        var now = Assert.Single(_under.Ask(_under.Join(), At(Address)));
        Assert.Equal(holders[(changes + 1) % 2], now);
        var kept = asked.SelectMany(one => one).Where(one => one.IsKept).ToList();
        Assert.Equal(Askers * QuestionsEach / 10, kept.Count);
        Assert.All(kept, one => Assert.True(one.Answer == now || one.Client.TakeChanged().Contains(At(Address))));
        Assert.Equal(1, _under.Directory.Figures.Subjects);
    }

    /// <summary>Pods of the one and of the other have the address by turns.</summary>
    /// <returns>How many have had it after the first; the last one has it.</returns>
    private int ChangeHolders(CancellationToken over)
    {
        var number = 0;
        do
        {
            _under.Time.Pass(TimeSpan.FromSeconds(1));
            var pod = Pod($"pod {++number}", _under.Directory.Now.TotalSeconds, Address);
            _under.Directory.Deleted(ObjectKind.Pod, Uid($"pod {number - 1}"));
            _under.Directory.Changed(pod.Of("DaemonSet", number % 2 == 1 ? "front" : "back"));
            _under.Directory.Expire();
            _changing.TrySetResult();
        }
        while (!over.IsCancellationRequested);

        return number;
    }

    /// <summary>One in ten stays to be told; the others forget, or leave.</summary>
    private List<(RecordingClient Client, string Answer, bool IsKept)> Ask()
    {
        var asked = new List<(RecordingClient, string, bool)>();
        for (var i = 0; i < QuestionsEach; i++)
        {
            var client = _under.Join();
            asked.Add((client, Assert.Single(_under.Ask(client, At(Address))), i % 10 == 0));
            if (i % 10 != 0)
            {
                _under.Directory.Forget(client, i % 2 == 0 ? [At(Address)] : []);
                _under.Directory.Leave(client);
            }
        }

        return asked;
    }
}
