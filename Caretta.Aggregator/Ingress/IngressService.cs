using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Security;
using Caretta.Messages.Wire;
using Grpc.Core;

namespace Caretta.Aggregator.Ingress;

/// <summary>The agents' side of the aggregator: one live stream per node name, and nothing that breaks the rules.</summary>
internal sealed class IngressService(
    ActorSystem system,
    IRequiredActor<LinkActor> region,
    StreamSettings settings,
    LiveNodes nodes,
    Refusals refusals,
    IDirectory directory,
    IRequiredActor<ExternalGrantsActor> grants,
    IHostApplicationLifetime life,
    INodeProofs proofs,
    SecurityMetrics security,
    TimeProvider time)
    : Messages.Wire.Ingress.IngressBase
{
    public override async Task Report(
        IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<FromAggregator> responseStream, ServerCallContext context)
    {
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
    }

    private async Task ServeAsync(NodeProof proof, IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses)
    {
        if (!await requests.MoveNext(life.ApplicationStopping))
        {
            return;
        }

        var hello = requests.Current.Hello ?? throw new ProtocolException("A stream begins with Hello.");
        var (source, pollInterval) = IngressRules.Check(hello);
        proof.Require(source.NodeName);
        if (!nodes.TryTake(source.NodeName))
        {
            var reason = $"Another live stream reports as node '{source.NodeName}'. Do two agents bear that name?";
            await responses.WriteAsync(refusals.Of(RefusalKind.RefusalNodeNameInUse, reason));
            return;
        }

        try
        {
            var stream = new AgentStream(source, pollInterval, settings, region.ActorRef, refusals, directory, grants.ActorRef, proof, time);
            await stream.RunAsync(system, requests, responses, life.ApplicationStopping);
        }
        finally
        {
            nodes.Release(source.NodeName);
        }
    }
}
