using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Ingress;
using Caretta.Messages.Wire;
using Grpc.Core;

namespace Caretta.Aggregator.Operation;

/// <summary>The operator's side of this member; <see cref="UnloadCommand"/> asks all of them.</summary>
internal sealed class OperatorService(
    IRequiredActor<AgentsActor> agents, OperatorProof proof, StreamSettings settings, ILogger<OperatorService> logger, ClusterDirectory? directory = null)
    : Operator.OperatorBase
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public override async Task<UnloadAgentsReply> UnloadAgents(UnloadAgentsRequest request, ServerCallContext context)
    {
        var who = proof.Require(context.GetHttpContext());
        var within = TimeSpan.FromMilliseconds(Math.Clamp(request.WithinMs, Least.TotalMilliseconds, Most.TotalMilliseconds));
        logger.LogWarning("Every agent of this member is asked to unload its host, by who showed {Certificate}", who);
        var outcomes = await agents.ActorRef.Ask<UnloadOutcomes>(new UnloadAll(within), within + Grace, context.CancellationToken);
        if (outcomes.Refused)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, "Others ask the same just now."));
        }

        var nodes = directory?.Nodes;
        return new UnloadAgentsReply
        {
            Member = settings.Member,
            Agents = { outcomes.Agents.Select(one => new AgentAnswer { NodeName = one.NodeName, Unloaded = one.Problem is null, Problem = one.Problem ?? "" }) },
            WatchesCluster = directory is not null,
            KnowsHosts = nodes is not null,
            Hosts = { nodes ?? [] },
        };
    }
}
