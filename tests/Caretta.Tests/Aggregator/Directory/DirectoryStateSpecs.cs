using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;

namespace Caretta.Tests.Aggregator.Directory;

/// <summary>What agents are told of the directory as a whole.</summary>
public class DirectoryStateSpecs
{
    private static readonly DirectoryState Silent = new(Enabled: true, Answers: false, Current: false);
    private static readonly DirectoryState Stale = new(Enabled: true, Answers: true, Current: false);
    private static readonly DirectoryState Good = new(Enabled: true, Answers: true, Current: true);

    private readonly DirectoryUnderTest _under = new();
    private readonly RecordingClient _client = new();

    public DirectoryStateSpecs() => Assert.Equal(Silent, _under.Directory.Join(_client));

    [Fact]
    public void The_directory_answers_when_the_last_of_all_kinds_has_been_listed()
    {
        foreach (var kind in AllKinds[1..])
        {
            _under.List(kind);
        }

        Assert.Empty(_client.TakeStates());
        Assert.Equal(AllKinds[..1], _under.Directory.Figures.Missing);
        _under.List(AllKinds[0]);
        Assert.Equal([Stale, Good], _client.TakeStates());
        Assert.Equal((Good, Good), (_under.Directory.State, _under.Directory.Join(new RecordingClient())));
    }

    [Fact]
    public void What_stays_as_it_is_is_not_told_again()
    {
        Listed();
        _under.List(ObjectKind.Pod);
        _under.Directory.StateChanged(ObjectKind.Pod, WatchState.Current);
        Assert.Empty(_client.TakeStates());
    }

    [Fact]
    public void An_interrupted_watch_is_told_and_its_return_too_while_the_directory_answers_on()
    {
        Listed();
        Interrupt(ObjectKind.Pod);
        Interrupt(ObjectKind.Service);
        Assert.Equal([Stale], _client.TakeStates());
        _under.List(ObjectKind.Pod);
        Assert.Empty(_client.TakeStates());
        _under.List(ObjectKind.Service);
        Assert.Equal([Good], _client.TakeStates());
    }

    [Fact]
    public void A_kind_interrupted_before_its_first_list_is_missing()
    {
        Interrupt(ObjectKind.Pod);
        foreach (var kind in AllKinds.Except([ObjectKind.Pod]))
        {
            _under.List(kind);
        }

        Assert.Empty(_client.TakeStates());
        Assert.Equal([ObjectKind.Pod], _under.Directory.Figures.Missing);
        Assert.Equal([ObjectKind.Pod], _under.Directory.Figures.Interrupted);
    }

    [Fact]
    public void Forbidden_kinds_are_not_waited_for()
    {
        foreach (var kind in AllKinds[1..])
        {
            _under.List(kind);
        }

        _under.Directory.StateChanged(AllKinds[0], WatchState.Forbidden);
        Assert.Equal([Good], _client.TakeStates());
        Assert.Empty(_under.Directory.Figures.Missing);
        Assert.Equal(AllKinds[..1], _under.Directory.Figures.Forbidden);
    }

    [Fact]
    public void A_kind_allowed_later_does_not_silence_the_others()
    {
        Forbid(ObjectKind.CronJob);
        foreach (var kind in AllKinds.Except([ObjectKind.CronJob]))
        {
            _under.List(kind);
        }

        _client.TakeStates();
        _under.Directory.StateChanged(ObjectKind.CronJob, WatchState.Listing);
        Assert.Equal([Stale], _client.TakeStates());
        Assert.Equal([ObjectKind.CronJob], _under.Directory.Figures.Missing);
        _under.List(ObjectKind.CronJob);
        Assert.Equal([Good], _client.TakeStates());
    }

    private void Listed()
    {
        _under.ListAll();
        _client.TakeStates();
    }

    private void Interrupt(ObjectKind kind) => _under.Directory.StateChanged(kind, WatchState.Interrupted);

    private void Forbid(ObjectKind kind) => _under.Directory.StateChanged(kind, WatchState.Forbidden);
}
