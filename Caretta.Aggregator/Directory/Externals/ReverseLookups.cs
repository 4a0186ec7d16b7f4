using System.Threading.Channels;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// Reverse lookups that wait and that run. Both are bounded, and so is the time one waits: while no server answers, nobody is kept
/// waiting for a name for longer than <see cref="MaxWait"/> and one lookup take.
/// </summary>
internal sealed class ReverseLookups : IAsyncDisposable
{
    public const int AtOnce = 16;
    public const int MaxQueued = 4096;
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private readonly ReverseDns _dns;
    private readonly Action<Address, ReverseAnswer> _answered;
    private readonly TimeProvider _time;
    private readonly Channel<(Address Address, long Since)> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _workers;

    /// <param name="answered">Called from any thread, once for each question taken; it must not throw.</param>
    public ReverseLookups(
        ReverseDns dns, Action<Address, ReverseAnswer> answered, TimeProvider time, int atOnce = AtOnce, int maxQueued = MaxQueued)
    {
        (_dns, _answered, _time) = (dns, answered, time);
        _queue = Channel.CreateBounded<(Address, long)>(maxQueued);
        _workers = Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(WorkAsync)));
    }

    /// <returns>False: the queue is full.</returns>
    public bool TryAsk(Address address) => _queue.Writer.TryWrite((address, _time.GetTimestamp()));

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _workers;
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var (address, since) in _queue.Reader.ReadAllAsync(_stopping.Token))
            {
                _answered(address, await AnswerAsync(address, since));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody waits for the rest.
        }
    }

    private async Task<ReverseAnswer> AnswerAsync(Address address, long since) => _time.GetElapsedTime(since) > MaxWait
        ? new ReverseAnswer(LookupOutcome.TimedOut)
        : await _dns.AskAsync(address, _stopping.Token);
}
