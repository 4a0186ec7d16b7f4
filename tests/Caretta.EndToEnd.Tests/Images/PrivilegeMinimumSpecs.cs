using Caretta.EndToEnd.Tests.Programs;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>What the agent's manifest asks for is needed: without any one of it the agent says what is missing and what to do, or what it costs.</summary>
[Collection(ImagesGroup.Name)]
public sealed class PrivilegeMinimumSpecs(BuiltImages images)
{
    [ContainersTheory]
    [InlineData("BPF", "lacks CAP_BPF")]
    [InlineData("PERFMON", "lacks CAP_PERFMON")]
    public Task Each_capability(string capability, string cause) => Refused(
        agent => Assert.True(agent.SecurityContext.Capabilities.Add.Remove(capability)), cause, "securityContext.capabilities.add");

    [ContainersTheory]
    [InlineData("bpffs", "not in a bpffs", "hostPath")]
    [InlineData("ledger", "/var/lib/caretta/node", "Caretta:Node:DataFolder")]
    [InlineData("run", "/run/caretta", "Caretta:Node:RunFolder")]
    [InlineData("authorities", "/etc/caretta/authorities/ca.crt", "Put it there")]
    [InlineData("token", "/var/run/secrets/caretta/token", "projected service account token")]
    public Task Each_folder(string volume, string cause, string remedy) => Refused(
        agent => Assert.True(agent.VolumeMounts.Remove(agent.VolumeMounts.Single(mount => mount.Name == volume))), cause, remedy);

    [ContainersFact]
    public async Task A_default_seccomp_profile_that_does_not_know_the_capability_is_told_from_a_missing_capability()
    {
        await using var installation = await Installation.New(images);
        var bundle = installation.AgentBundle(Manifests.Agents());
        bundle.Document["linux"]!["seccomp"] = DefaultSeccomp.For(bundle.Capabilities, modern: false);

        await Refused(installation, bundle, "seccomp profile", "containerd 1.6.9");
    }

    /// <summary>For runtimes whose own profile keeps CAP_BPF from bpf.</summary>
    [ContainersFact]
    public async Task Under_the_profile_that_the_manifests_bring_it_loads_and_counts()
    {
        await using var installation = await Installation.New(images);
        installation.StartAggregator();
        var bundle = installation.AgentBundle(Manifests.Agents());
        bundle.Document["linux"]!["seccomp"] = Manifests.SeccompProfile();
        await installation.Aggregator.Program.Ready();
        await installation.StartAgent(bundle).Program.Ready();

        using var traffic = new Traffic(64, installation.Pods.Client, installation.Pods.Server);
        traffic.ShortConnection();
        await installation.Settles(traffic);
    }

    [ContainersTheory]
    [InlineData("pids", "hostPID: true", "caretta_node_host_pids")]
    [InlineData("cgroups", "/sys/fs/cgroup", "caretta_node_host_cgroups")]
    public async Task Without_the_hosts_processes_or_cgroups_it_runs_and_says_what_that_costs(string without, string remedy, string metric)
    {
        await using var installation = await Installation.New(images);
        installation.StartAggregator();
        using var traffic = new Traffic(62, installation.Pods.Client, installation.Pods.Server);
        traffic.LongConnection(); // older than the agent
        var pod = Manifests.Agents();
        _ = without == "pids"
            ? pod.HostPID = false
            : pod.Containers.Single().VolumeMounts.Remove(pod.Containers.Single().VolumeMounts.Single(mount => mount.Name == without));
        await installation.Aggregator.Program.Ready();
        await installation.StartAgent(pod).Program.Ready();

        await installation.Agent.Program.Says(remedy);
        Assert.Equal(0, await installation.AgentSays(metric));
        traffic.CloseLongConnection();
        traffic.ShortConnection();
        await installation.Settles(traffic);
    }

    private async Task Refused(Action<V1Container> without, string cause, string remedy)
    {
        await using var installation = await Installation.New(images);
        var pod = Manifests.Agents();
        without(pod.Containers.Single());
        await Refused(installation, installation.AgentBundle(pod), cause, remedy);
    }

    private static async Task Refused(Installation installation, Bundle bundle, string cause, string remedy)
    {
        var agent = installation.RunAgent(bundle).Program;
        Assert.True(await agent.Ended() == 1, $"It ended with {agent.ExitCode}:\n{agent.Output}");
        Assert.Contains(cause, agent.Output, StringComparison.Ordinal);
        Assert.Contains(remedy, agent.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(installation.PinFolder));
    }
}
