using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Caretta.Aggregator.Links;

/// <summary>In order, from any thread; as good as nothing while it is empty.</summary>
internal sealed class LinkMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private const int KeptWhenEmpty = 8;

    private readonly Queue<Envelope> _messages = new();

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        lock (_messages)
        {
            _messages.Enqueue(envelope);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_messages)
        {
            var any = _messages.TryDequeue(out envelope);
            if (_messages.Count == 0 && _messages.Capacity > KeptWhenEmpty)
            {
                _messages.TrimExcess();
            }

            return any;
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope))
        {
            deadletters.Enqueue(owner, envelope);
        }
    }
}
