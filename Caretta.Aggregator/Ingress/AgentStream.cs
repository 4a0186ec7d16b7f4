using Akka.Actor;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;
using Google.Protobuf.Collections;
using Grpc.Core;

namespace Caretta.Aggregator.Ingress;

/// <summary>One stream: reads and checks batches for the stream's actor, and writes what the actor answers.</summary>
internal sealed class AgentStream(
    AgentHello hello,
    StreamSettings settings,
    IActorRef region,
    Refusals refusals,
    AggregatorMetrics metrics,
    IDirectory directory,
    IActorRef grants,
    IActorRef agents,
    NodeProof proof,
    TimeProvider time)
{
    /// <summary>What is left to say to an agent that does not read is not kept for longer.</summary>
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// An agent that has read its last word ends the call itself. One that did not wait for it would lose the word at times: a client whose request is still
    /// open when the connection closes is told of that alone, and not what it had yet to read.
    /// </summary>
    private static readonly TimeSpan HangsUpWithin = TimeSpan.FromSeconds(2);

    private readonly InFlight _inFlight = new(settings.ShardCount);
    private readonly Outgoing _outgoing = new(settings.OutgoingCapacity);

    /// <summary>Until either end has had enough.</summary>
    /// <exception cref="ProtocolException">The agent broke a rule; it has been told nothing yet.</exception>
    /// <exception cref="TimeoutException">It does not read.</exception>
    public async Task RunAsync(
        ActorSystem system, IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationToken stopping)
    {
        var actor = system.ActorOf(Props.CreateBy(new ActorMaker<StreamActor>(() =>
            new StreamActor(hello, settings, region, _outgoing, _inFlight, refusals, metrics, directory, grants, time))));
        agents.Tell(new StreamBegun(hello.Source.NodeName, actor));
        await using var registration = stopping.Register(() => actor.Tell(new EndStream("The aggregator is stopping.")));
        using var watch = new ProofWatch(proof, time, end => actor.Tell(end));
        var writing = WriteAsync(responses);
        var reading = ReadAsync(requests, actor);
        if (await Task.WhenAny(writing, reading, _outgoing.Completed) == reading)
        {
            system.Stop(actor); // completes the channel, which ends the writing
            await writing.WaitAsync(LastWordsWithin, time, CancellationToken.None);
            await reading;
        }
        else
        {
            // The actor has ended the stream, or the agent is gone. What it said is written, if the agent reads. A cancelled read would abort the
            // connection before the agent has it, so the read is left to end with the call.
            var hungUp = ObserveAsync(reading);
            await writing.WaitAsync(LastWordsWithin, time, CancellationToken.None);
            using var patience = new CancellationTokenSource(HangsUpWithin, time);
            await hungUp.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            try
            {
                await responses.WriteAsync(message);
            }
            catch (InvalidOperationException over)
            {
                throw new IOException("The agent has ended the call.", over); // how gRPC says it to a writer
            }
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<FromNode> requests, IActorRef actor)
    {
        var (last, lastQuestions) = (0UL, 0UL);
        while (await requests.MoveNext())
        {
            if (requests.Current.Unloaded is { } unloaded)
            {
                actor.Tell(_inFlight.TryEndUnload() ? IngressRules.Check(unloaded) : throw new ProtocolException("Unloaded came unasked."));
                continue;
            }

            if (requests.Current.Questions is { } questions)
            {
                Ask(questions, ref lastQuestions, actor);
                continue;
            }

            last = Take(Batches(requests.Current), last, actor);
        }
    }

    /// <exception cref="ProtocolException">It is something else.</exception>
    private static RepeatedField<Batch> Batches(FromNode message)
    {
        if (message.Batches is not { } batches)
        {
            return [message.Batch ?? throw new ProtocolException("After Hello a stream carries batches and questions only.")];
        }

        IngressRules.Check(batches);
        return batches.Batches_;
    }

    private void Ask(Questions questions, ref ulong last, IActorRef actor)
    {
        var asked = IngressRules.Check(questions, ref last, directory.Now);
        if (!_inFlight.TryBeginQuestions())
        {
            throw new ProtocolException($"Questions {questions.Id} came before those before were answered, or before the welcome.");
        }

        actor.Tell(asked);
    }

    /// <returns>The id of the last one.</returns>
    private ulong Take(RepeatedField<Batch> batches, ulong last, IActorRef actor)
    {
        var taken = new List<AgentBatch>(batches.Count);
        foreach (var batch in batches)
        {
            if (Take(batch, last) is { } begun)
            {
                taken.Add(begun);
            }

            last = batch.Id;
        }

        actor.Tell(new AgentBatches(taken));
        return last;
    }

    /// <returns>null: it is of an earlier opening of its shard.</returns>
    private AgentBatch? Take(Batch batch, ulong last)
    {
        var contents = IngressRules.Check(batch, last, settings.ShardCount);
        var shard = (int)batch.Shard;
        switch (_inFlight.TryBegin(shard, batch.Opening, batch.Id))
        {
            case BatchTurn.OutOfTurn:
                throw new ProtocolException($"Batch {batch.Id} came before shard {shard} answered the last; at most one is in flight.");
            case BatchTurn.Superseded:
                metrics.BatchesSuperseded.Inc();
                return null;
            default: break;
        }

        foreach (var fault in contents.Faults)
        {
            metrics.ReportsIgnored.WithLabels(fault.Reason).Inc();
        }

        return new AgentBatch(shard, batch.Id, batch.Opening, batch.Watermark, contents);
    }
}
