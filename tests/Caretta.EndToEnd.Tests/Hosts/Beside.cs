using System.Runtime.ExceptionServices;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>What goes on in a thread of its own while a spec does something else. It ends with the spec, and what it throws is the spec's failure, not the process's.</summary>
internal sealed class Beside : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failed;

    /// <param name="work">Ends soon after it is told to.</param>
    public Beside(Action<CancellationToken> work)
    {
        _thread = new Thread(() =>
        {
            try
            {
                work(_stop.Token);
            }
            catch (Exception failure)
            {
                _failed = ExceptionDispatchInfo.Capture(failure);
            }
        });
        _thread.Start();
    }

    public bool GoesOn => _thread.IsAlive;

    /// <summary>Until it is done by itself.</summary>
    public void Join()
    {
        _thread.Join();
        _failed?.Throw();
    }

    public void Stop()
    {
        _stop.Cancel();
        Join();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }
}
