using Caretta.Node.Probe;

namespace Caretta.Tests.Node.Probe;

public class ProbeHealthSpecs
{
    /// <summary>Ten polls and half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly ProbeHealth _health;

    public ProbeHealthSpecs() => _health = new ProbeHealth(_time, pollInterval: TimeSpan.FromSeconds(5));

    [Fact]
    public void Before_the_first_poll_it_is_alive_and_not_ready()
    {
        Assert.True(_health.IsLive);
        Assert.False(_health.IsReady);
    }

    [Fact]
    public void It_is_ready_as_long_as_the_latest_poll_succeeded()
    {
        _health.PollEnded(succeeded: true);
        Assert.True(_health.IsReady);
        _health.PollEnded(succeeded: false);
        Assert.False(_health.IsReady);
        _health.PollEnded(succeeded: true);
        Assert.True(_health.IsReady);
    }

    [Fact]
    public void Polls_that_fail_keep_it_alive()
    {
        _time.Pass(Patience - TimeSpan.FromSeconds(1));
        _health.PollEnded(succeeded: false);
        _time.Pass(Patience - TimeSpan.FromSeconds(1));
        Assert.True(_health.IsLive);
    }

    [Fact]
    public void A_poll_that_does_not_come_back_makes_it_neither_ready_nor_alive()
    {
        _health.PollEnded(succeeded: true);
        _time.Pass(Patience - TimeSpan.FromTicks(1));
        Assert.True(_health.IsReady);
        _time.Pass(TimeSpan.FromTicks(1));
        Assert.False(_health.IsLive);
        Assert.False(_health.IsReady);
    }

    [Fact]
    public void A_first_poll_that_does_not_come_back_counts_as_well()
    {
        _time.Pass(Patience);
        Assert.False(_health.IsLive);
    }
}
