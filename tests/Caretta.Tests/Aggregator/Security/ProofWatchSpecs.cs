using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;

namespace Caretta.Tests.Aggregator.Security;

public class ProofWatchSpecs
{
    private readonly ManualTime _time = new();
    private readonly List<EndStream> _ends = [];

    [Fact]
    public void A_stream_ends_when_its_proof_has_run_out_so_that_the_agent_comes_with_the_next_one()
    {
        using var watch = Watch(TimeSpan.FromMinutes(9));
        _time.Pass(TimeSpan.FromMinutes(9) - TimeSpan.FromSeconds(1));
        Assert.Empty(_ends);
        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalKind.RefusalProveAgain, Assert.Single(_ends).Kind);
    }

    [Fact]
    public void While_nobody_can_say_whether_a_proof_is_good_the_stream_goes_on()
    {
        var isAway = true;
        using var watch = Watch(TimeSpan.FromMinutes(9), () => !isAway);
        _time.Pass(TimeSpan.FromHours(5));
        Assert.Empty(_ends);
        isAway = false;
        _time.Pass(TimeSpan.FromSeconds(30));
        Assert.Single(_ends);
    }

    [Fact]
    public void A_proof_may_hold_for_years()
    {
        using var watch = Watch(TimeSpan.FromDays(800));
        _time.Pass(TimeSpan.FromDays(799));
        Assert.Empty(_ends);
        _time.Pass(TimeSpan.FromDays(1));
        Assert.Single(_ends);
    }

    [Fact]
    public void Where_nothing_need_be_proven_nothing_runs_out()
    {
        using var watch = new ProofWatch(NodeProof.NotAsked, _time, _ends.Add);
        _time.Pass(TimeSpan.FromDays(800));
        Assert.Empty(_ends);
    }

    [Fact]
    public void After_the_stream_nothing_is_asked_any_more()
    {
        var asked = false;
        Watch(TimeSpan.FromMinutes(9), () => asked = true).Dispose();
        _time.Pass(TimeSpan.FromHours(1));
        Assert.False(asked);
        Assert.Empty(_ends);
    }

    private ProofWatch Watch(TimeSpan holds, Func<bool>? canBeProvenAgain = null) => new(
        new NodeProof("node-1", _time.GetUtcNow() + holds) { CanBeProvenAgain = _ => Task.FromResult(canBeProvenAgain?.Invoke() ?? true) }, _time, _ends.Add);
}
