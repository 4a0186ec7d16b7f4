using Akka.Actor;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;
using Grpc.Core;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>One accepted stream: reads and checks batches for the stream's actor, and writes what the actor answers.</summary>
internal sealed class AgentStream(
    Source source,
    TimeSpan pollInterval,
    StreamSettings settings,
    IActorRef region,
    Refusals refusals,
    IDirectory directory,
    IActorRef grants,
    NodeProof proof,
    TimeProvider time)
{
    private readonly InFlight _inFlight = new(settings.ShardCount);
    private readonly Outgoing _outgoing = new(settings.OutgoingCapacity);

    /// <summary>Until either end has had enough.</summary>
    /// <exception cref="ProtocolException">The agent broke a rule; it has been told nothing yet.</exception>
    public async Task RunAsync(
        ActorSystem system, IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationToken stopping)
    {
        _outgoing.TryWrite(new FromAggregator
        {
            Welcome = new Welcome { ShardCount = (uint)settings.ShardCount, Member = settings.Member, Version = settings.Version },
        });
        var actor = system.ActorOf(Props.Create(() =>
            new StreamActor(source, pollInterval, settings, region, _outgoing, _inFlight, refusals, directory, grants)));
        await using var registration = stopping.Register(() => actor.Tell(new EndStream("The aggregator is stopping.")));
        using var watch = new ProofWatch(proof, time, end => actor.Tell(end));
        var writing = WriteAsync(responses);
        var reading = ReadAsync(requests, actor);
        if (await Task.WhenAny(writing, reading) == reading)
        {
            system.Stop(actor); // completes the channel, which ends the writing
            await writing;
            await reading;
        }
        else
        {
            // The actor has ended the stream and what it said is written. A cancelled read would abort the connection before the agent
            // has it, so the read is left to end with the call.
            _ = ObserveAsync(reading);
            await writing;
        }
    }

    private static async Task ObserveAsync(Task reading)
    {
        try
        {
            await reading;
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or InvalidOperationException or ProtocolException)
        {
            // The call is over.
        }
    }

    private async Task WriteAsync(IServerStreamWriter<FromAggregator> responses)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync())
        {
            await responses.WriteAsync(message);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<FromNode> requests, IActorRef actor)
    {
        var (last, lastQuestions) = (0UL, 0UL);
        while (await requests.MoveNext())
        {
            if (requests.Current.Questions is { } questions)
            {
                actor.Tell(IngressRules.Check(questions, ref lastQuestions, directory.Now));
                continue;
            }

            var batch = requests.Current.Batch ?? throw new ProtocolException("After Hello a stream carries batches and questions only.");
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
