using System.Threading.Channels;
using Akka.Actor;
using Caretta.Messages.Wire;
using Grpc.Core;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>One accepted stream: reads and checks batches for the stream's actor, and writes what the actor answers.</summary>
internal sealed class AgentStream(Source source, TimeSpan pollInterval, StreamSettings settings, IActorRef region, Refusals refusals)
{
    private readonly InFlight _inFlight = new(settings.ShardCount);
    private readonly Channel<FromAggregator> _outgoing = Channel.CreateBounded<FromAggregator>(settings.OutgoingCapacity);

    public async Task RunAsync(
        ActorSystem system, IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationTokenSource end)
    {
        _outgoing.Writer.TryWrite(new FromAggregator
        {
            Welcome = new Welcome { ShardCount = (uint)settings.ShardCount, Member = settings.Member, Version = settings.Version },
        });
        var actor = system.ActorOf(Props.Create(() =>
            new StreamActor(source, pollInterval, settings, region, _outgoing.Writer, _inFlight, refusals)));
        var writing = WriteAsync(responses, end.Token);
        var reading = ReadAsync(requests, actor, end.Token);
        await Task.WhenAny(writing, reading);
        if (!reading.IsCompleted)
        {
            await end.CancelAsync(); // the actor has ended the stream and all it said is written
        }

        system.Stop(actor); // completes the channel, which ends the writing
        await Task.WhenAll(Settled(writing), Settled(reading));
        await (reading.IsFaulted ? reading : writing);
    }

    private static Task Settled(Task task) => task.ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task WriteAsync(IServerStreamWriter<FromAggregator> responses, CancellationToken cancel)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancel))
        {
            await responses.WriteAsync(message, cancel);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<FromNode> requests, IActorRef actor, CancellationToken cancel)
    {
        var last = 0UL;
        while (await requests.MoveNext(cancel))
        {
            var batch = requests.Current.Batch ?? throw new ProtocolException("After Hello a stream carries batches only.");
            var reports = IngressRules.Check(batch, last, settings.ShardCount);
            var shard = (int)batch.Shard;
            if (!_inFlight.TryBegin(shard))
            {
                throw new ProtocolException($"Batch {batch.Id} came before shard {shard} answered the last; at most one is in flight.");
            }

            last = batch.Id;
            actor.Tell(new AgentBatch(shard, batch.Id, batch.Watermark, reports));
        }
    }
}
