using Caretta.Aggregator.Ingress;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Security;

/// <summary>Ends a stream when its proof has run out: the agent then comes again, with the certificate or token it has by then.</summary>
internal sealed class ProofWatch : IDisposable
{
    /// <summary>While nobody can say whether a proof is good.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>The longest a timer takes; a proof may hold for years.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly NodeProof _proof;
    private readonly TimeProvider _time;
    private readonly Action<EndStream> _end;
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timer;

    public ProofWatch(NodeProof proof, TimeProvider time, Action<EndStream> end)
    {
        (_proof, _time, _end) = (proof, time, end);
        _timer = time.CreateTimer(_ => _ = CheckAsync(), null, Next(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _over.Cancel();
    }

    private TimeSpan Next()
    {
        var left = _proof.Until - _time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestTimer ? LongestTimer : left;
    }

    private async Task CheckAsync()
    {
        try
        {
            if (_time.GetUtcNow() < _proof.Until)
            {
                _timer.Change(Next(), Timeout.InfiniteTimeSpan);
            }
            else if (await _proof.CanBeProvenAgain(_over.Token))
            {
                _end(new EndStream("What proved the node's name has run out, or soon will; prove it again.", RefusalKind.RefusalProveAgain));
            }
            else
            {
                _timer.Change(AskAgainAfter, Timeout.InfiniteTimeSpan);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // The stream has ended meanwhile.
        }
    }
}
