using System.Runtime.InteropServices;
using Caretta.Demo;
using Caretta.FakeCluster;

if (!Environment.IsPrivilegedProcess)
{
    await Console.Error.WriteLineAsync("The demo makes network namespaces and loads eBPF programs: run it as root.");
    return 1;
}

using var asked = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var folder = Directory.CreateTempSubdirectory("caretta-demo-").FullName;
try
{
    using var network = new PodNetwork();
    await using var api = await FakeApiServer.StartAsync(ShopObjects.Deploy(network));
    await using var traffic = new Traffic(network, Shop.Conversations);
    using var programs = new LocalRun(folder, api.Address);
    await programs.ReadyAsync();
    if (!programs.Ended.IsCompleted)
    {
        var port = Environment.GetEnvironmentVariable("Caretta__Aggregator__HttpPort") ?? "7117";
        Console.WriteLine($"""

              A shop of {Shop.Workloads.Count} workloads talks in network namespaces of its own; agent and aggregator watch it.
                the map   http://localhost:{port}/
                links     curl -s localhost:{port}/metrics | grep caretta_links_observed
              Links show within seconds, those to the outside a few seconds later. Ctrl-C ends it and leaves nothing.

            """);
        await Task.WhenAny(programs.Ended, Task.Delay(Timeout.Infinite, asked.Token));
    }

    var ended = programs.Ended.IsCompleted && !asked.IsCancellationRequested;
    await programs.StopAsync();
    if (ended)
    {
        await Console.Error.WriteLineAsync($"Aggregator or agent has ended. They said:\n{programs.Said}");
    }

    return ended ? 1 : 0;
}
catch (InvalidOperationException failed)
{
    await Console.Error.WriteLineAsync($"The demo cannot be set up: {failed.Message}");
    return 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // not the process, which has to clean up first
    asked.Cancel();
}
