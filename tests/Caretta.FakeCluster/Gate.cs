namespace Caretta.FakeCluster;

/// <summary>Holds requests until the test lets them go on. Disposing of it opens it.</summary>
public sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _passes = new(0);
    private readonly SemaphoreSlim _arrivals = new(0);
    private volatile bool _open;

    /// <summary>A request has come to it; one answer for each.</summary>
    public async Task Arrival()
    {
        if (!await _arrivals.WaitAsync(RequestLog.Patience))
        {
            throw new TimeoutException("No request came to the gate.");
        }
    }

    /// <summary>One request goes on.</summary>
    public void LetOne() => _passes.Release();

    public void Dispose()
    {
        _open = true;
        _passes.Release(1000);
    }

    internal async Task Pass(CancellationToken cancellation)
    {
        _arrivals.Release();
        if (!_open)
        {
            await _passes.WaitAsync(cancellation);
        }
    }
}
