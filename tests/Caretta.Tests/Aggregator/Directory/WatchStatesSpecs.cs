using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;

namespace Caretta.Tests.Aggregator.Directory;

public class WatchStatesSpecs
{
    private readonly WatchStates _watches = new();

    [Fact]
    public void At_first_all_kinds_are_missing_and_nothing_is_answered()
    {
        Assert.Equal(AllKinds, _watches.Missing);
        Assert.Equal((true, false, false), (_watches.State.Enabled, _watches.State.Answers, _watches.State.Current));
    }

    [Fact]
    public void A_kind_that_is_only_said_to_be_current_is_missing_still()
    {
        Array.ForEach(AllKinds, kind => _watches.Set(kind, WatchState.Current));
        Assert.False(_watches.State.Answers);
        Assert.Equal(AllKinds, _watches.Missing);
    }

    [Fact]
    public void Listed_kinds_answer_and_are_current_when_their_watches_are()
    {
        Array.ForEach(AllKinds, _watches.Listed);
        Assert.Equal((true, false), (_watches.State.Answers, _watches.State.Current));
        Array.ForEach(AllKinds, kind => _watches.Set(kind, WatchState.Current));
        Assert.True(_watches.State.Current);
    }

    [Theory]
    [InlineData(nameof(WatchState.Listing), false)]
    [InlineData(nameof(WatchState.Interrupted), false)]
    [InlineData(nameof(WatchState.Forbidden), true)]
    public void One_kind_alone_can_make_the_directory_stale_unless_it_is_forbidden(string name, bool current)
    {
        var state = Enum.Parse<WatchState>(name);
        Array.ForEach(AllKinds, _watches.Listed);
        Array.ForEach(AllKinds, kind => _watches.Set(kind, WatchState.Current));
        _watches.Set(ObjectKind.Job, state);

        Assert.Equal((true, current), (_watches.State.Answers, _watches.State.Current));
        Assert.Equal(state == WatchState.Interrupted, _watches.Interrupted is [ObjectKind.Job]);
        Assert.Equal(state == WatchState.Forbidden, _watches.Forbidden is [ObjectKind.Job]);
        Assert.Empty(_watches.Missing);
    }

    [Fact]
    public void A_kind_forbidden_at_first_is_missing_once_it_is_allowed_and_silences_nobody()
    {
        _watches.Set(ObjectKind.Job, WatchState.Forbidden);
        Array.ForEach([.. AllKinds.Except([ObjectKind.Job])], _watches.Listed);
        Assert.True(_watches.State.Answers);

        _watches.Set(ObjectKind.Job, WatchState.Listing);
        Assert.Equal([ObjectKind.Job], _watches.Missing);
        Assert.Equal((true, false), (_watches.State.Answers, _watches.State.Current));
    }
}
