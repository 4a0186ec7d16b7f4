using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;
using Grpc.Core;

namespace Caretta.Aggregator.Ingress;

/// <summary>The agents' side of the aggregator: so many streams, and nothing that breaks the rules.</summary>
internal sealed class IngressService(
    ActorSystem system,
    IRequiredActor<LinkActor> region,
    StreamSettings settings,
    LiveStreams streams,
    Refusals refusals,
    AggregatorMetrics metrics,
    IDirectory directory,
    IRequiredActor<ExternalGrantsActor> grants,
    IRequiredActor<AgentsActor> agents,
    INodeProofs proofs,
    SecurityMetrics security,
    TimeProvider time,
    IHostApplicationLifetime life)
    : Messages.Wire.Ingress.IngressBase
{
    public override async Task Report(
        IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<FromAggregator> responseStream, ServerCallContext context)
    {
        if (!streams.TryEnter())
        {
            await responseStream.WriteAsync(refusals.Of(
                RefusalKind.RefusalUnavailable, $"This member serves {settings.MaxStreams} streams, the most it may."));
            return;
        }

        try
        {
            var proof = await proofs.OfAsync(context.GetHttpContext(), context.CancellationToken);
            await ServeAsync(proof, requestStream, responseStream);
        }
        catch (UnprovenException unproven)
        {
            security.Refused(unproven.Reason);
            await responseStream.WriteAsync(refusals.Of(RefusalKind.RefusalUnauthenticated, unproven.Message));
        }
        catch (ProofUnavailableException unavailable)
        {
            await responseStream.WriteAsync(refusals.Of(RefusalKind.RefusalUnavailable, unavailable.Message));
        }
        catch (ProtocolException broken)
        {
            await responseStream.WriteAsync(refusals.Of(RefusalKind.RefusalInvalid, broken.Message));
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The agent went away, maybe in the middle of a message; it comes again.
        }
        catch (TimeoutException)
        {
            context.GetHttpContext().Abort(); // it does not read: nothing can be said to it
        }
        finally
        {
            streams.Leave();
        }
    }

    private async Task ServeAsync(NodeProof proof, IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses)
    {
        if (await HelloAsync(requests) is not { } first)
        {
            return;
        }

        var hello = IngressRules.Check(first.Hello ?? throw new ProtocolException("A stream begins with Hello."));
        proof.Require(hello.Source.NodeName);
        var stream = new AgentStream(hello, settings, region.ActorRef, refusals, metrics, directory, grants.ActorRef, agents.ActorRef, proof, time);
        await stream.RunAsync(system, requests, responses, life.ApplicationStopping);
    }

    /// <summary>null: the stream ended before it said anything.</summary>
    /// <exception cref="ProtocolException">It says nothing.</exception>
    private async Task<FromNode?> HelloAsync(IAsyncStreamReader<FromNode> requests)
    {
        using var patience = new CancellationTokenSource(settings.HelloWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, life.ApplicationStopping);
        try
        {
            return await requests.MoveNext(either.Token) ? requests.Current : null;
        }
        catch (Exception cancelled) when (
            patience.IsCancellationRequested && cancelled is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new ProtocolException($"No Hello came within {settings.HelloWithin.TotalSeconds} s.");
        }
    }
}
