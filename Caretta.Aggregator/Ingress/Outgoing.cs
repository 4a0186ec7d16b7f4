using System.Threading.Channels;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

/// <summary>What waits to be written to an agent: from the stream's actor, which never waits, to the stream's writer.</summary>
internal sealed class Outgoing(int capacity)
{
    /// <summary>Changes come unasked and without end; the rest of the room is for what the agent itself causes.</summary>
    private const int MostWithChanges = 16;

    private readonly Channel<FromAggregator> _messages = Channel.CreateBounded<FromAggregator>(capacity);

    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChannelReader<FromAggregator> Reader => _messages.Reader;

    /// <summary>False while the agent has so much to read that changes had better wait, and gather.</summary>
    public bool HasRoomForChanges => _messages.Reader.Count < MostWithChanges;

    /// <returns>False: it is full, or complete.</returns>
    public bool TryWrite(FromAggregator message) => _messages.Writer.TryWrite(message);

    /// <summary>Nothing more comes, whether what waits has been written or not.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Nothing more comes; what waits is still written.</summary>
    public void Complete()
    {
        _messages.Writer.TryComplete();
        _completed.TrySetResult();
    }
}
