using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Links;
using Caretta.Messages.Wire;
using Grpc.Core;

namespace Caretta.Aggregator.Ingress;

/// <summary>The agents' side of the aggregator: checks what comes in, and gives each stream an actor.</summary>
internal sealed class IngressService(
    ActorSystem system,
    IRequiredActor<LinkActor> region,
    StreamSettings settings,
    LiveNodes nodes,
    Refusals refusals,
    IHostApplicationLifetime life)
    : Messages.Wire.Ingress.IngressBase
{
    public override async Task Report(
        IAsyncStreamReader<FromNode> requestStream, IServerStreamWriter<FromAggregator> responseStream, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.ApplicationStopping);
        try
        {
            await ServeAsync(requestStream, responseStream, end);
        }
        catch (ProtocolException broken)
        {
            await responseStream.WriteAsync(refusals.Of(RefusalKind.RefusalInvalid, broken.Message));
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            await responseStream.WriteAsync(refusals.Of(RefusalKind.RefusalUnavailable, "The aggregator is stopping."));
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException)
        {
            // The agent went away; it comes again.
        }
    }

    private async Task ServeAsync(
        IAsyncStreamReader<FromNode> requests, IServerStreamWriter<FromAggregator> responses, CancellationTokenSource end)
    {
        if (!await requests.MoveNext(end.Token))
        {
            return;
        }

        var hello = requests.Current.Hello ?? throw new ProtocolException("A stream begins with Hello.");
        var (source, pollInterval) = IngressRules.Check(hello);
        if (!nodes.TryTake(source.NodeName))
        {
            var reason = $"Another live stream reports as node '{source.NodeName}'. Do two agents bear that name?";
            await responses.WriteAsync(refusals.Of(RefusalKind.RefusalNodeNameInUse, reason));
            return;
        }

        var stream = new AgentStream(source, pollInterval, settings, region.ActorRef, refusals);
        try
        {
            await stream.RunAsync(system, requests, responses, end);
        }
        finally
        {
            nodes.Release(source.NodeName);
        }
    }
}
