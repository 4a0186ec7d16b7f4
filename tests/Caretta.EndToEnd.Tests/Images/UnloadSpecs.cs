using Caretta.EndToEnd.Tests.Kernel;
using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>What k8s/README.md has an operator do before uninstalling.</summary>
[Collection(ImagesGroup.Name)]
public sealed class UnloadSpecs(BuiltImages images)
{
    [ContainersFact]
    public async Task The_overlay_leaves_no_program_table_or_pin_on_the_host_and_its_pod_is_ready_once_that_is_so()
    {
        await using var installation = await Installation.New(images);
        await installation.StartBoth();
        using var traffic = new Traffic(63, installation.Pods.Client, installation.Pods.Server);
        traffic.LongConnection();
        await installation.Settles(traffic);
        var loaded = KernelObjects.PinnedUnder(installation.PinFolder);
        await installation.Agent.Program.Stop();
        Assert.Equal(loaded, loaded.Present()); // they outlive the agent's container

        var pod = Manifests.Unloading();
        var unloading = installation.RunAgent(installation.AgentBundle(pod));
        await Eventually.True(
            () => Task.FromResult(unloading.Program.Output.Contains("Unloaded.", StringComparison.Ordinal)), () => $"the end of unloading; it said:\n{unloading.Program.Output}");

        var (exitCode, output) = unloading.Exec(pod.Containers.Single().ReadinessProbe.Exec.Command);
        Assert.True(exitCode == 0, output);
        Assert.Contains("Nothing is loaded", output, StringComparison.Ordinal);
        await Eventually.True(() => Task.FromResult(loaded.Present().IsEmpty), () => $"nothing loaded; there is {loaded.Present()}");
        Assert.False(Directory.Exists(installation.PinFolder));
        Assert.True(unloading.Program.IsRunning);
        Assert.Equal(0, await unloading.Program.Stop());
    }
}
