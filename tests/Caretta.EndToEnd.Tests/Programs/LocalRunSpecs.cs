using System.Runtime.CompilerServices;
using Caretta.EndToEnd.Tests.Kernel;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>README's first command, once everything is built: Ctrl-C leaves nothing behind, and the next run goes on.</summary>
public sealed class LocalRunSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly string _pinFolder = $"/sys/fs/bpf/caretta-e2e-{Guid.NewGuid():N}";
    private readonly int _aggregatorHttp = ProgramUnderTest.FreePort();
    private readonly int _ingress = ProgramUnderTest.FreePort();
    private readonly int _remote = ProgramUnderTest.FreePort();
    private readonly int _nodeHttp = ProgramUnderTest.FreePort();

    [PrivilegedFact]
    public async Task A_connection_open_across_an_interrupt_and_the_next_run_loses_nothing_and_nothing_is_left_in_between()
    {
        using var traffic = new Traffic(31);
        await using (var first = Run())
        {
            await Prompted(first);
            traffic.LongConnection();
            await Shows(first, traffic);
            var kernel = KernelObjects.PinnedUnder(_pinFolder);
            Assert.False(kernel.IsEmpty);

            Assert.Equal(0, await first.Interrupt());
            await Eventually.True(() => Task.FromResult(kernel.Present().IsEmpty), () => $"nothing left in the kernel; there is {kernel.Present()}");
            Assert.False(Directory.Exists(_pinFolder));
            Assert.DoesNotContain(Directory.EnumerateFiles("/proc", "cmdline", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }), IsOurs);
        }

        traffic.LongConnection(); // nobody looks, but the socket remembers
        await using var second = Run();
        await Prompted(second);
        traffic.LongConnection();
        traffic.CloseLongConnection();
        await Shows(second, traffic);
        Assert.Equal(0, await second.Interrupt());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task Shows(ProgramUnderTest run, Traffic traffic)
    {
        Ends? exported = null;
        await Eventually.True(
            async () => (exported = await run.Scrape() is { } scrape ? Ends.Exported(scrape, traffic.Port) : null) == traffic.Truth,
            () => $"\n exported {exported}\n truth    {traffic.Truth}\n{run.Output}");
    }

    private static Task Prompted(ProgramUnderTest run) => run.Says("Ctrl-C stops both");

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", ".ci", "local"));

    private bool IsOurs(string commandLine)
    {
        try
        {
            return File.ReadAllText(commandLine).Contains(_folder, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private ProgramUnderTest Run() => ProgramUnderTest.StartScript(
        Script(),
        _aggregatorHttp,
        ("DATA", _folder),
        ("CONFIGURATION", AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug"),
        ("Caretta__Aggregator__HttpPort", $"{_aggregatorHttp}"),
        ("Caretta__Aggregator__IngressPort", $"{_ingress}"),
        ("Caretta__Aggregator__RemotePort", $"{_remote}"),
        ("Caretta__Node__HttpPort", $"{_nodeHttp}"),
        ("Caretta__Node__Aggregator", $"http://127.0.0.1:{_ingress}"),
        ("Caretta__Node__PinFolder", _pinFolder),
        ("Caretta__Node__RunFolder", Path.Combine(_folder, "run")),
        ("Caretta__Node__PollInterval", "00:00:00.200"));
}
