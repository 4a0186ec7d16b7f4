using System.Text.Json;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>Structured logs, and a log level that follows appsettings.json while the program runs.</summary>
public sealed class LoggingSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;

    [PrivilegedTheory]
    [InlineData("caretta-aggregator", "Aggregator")]
    [InlineData("caretta-node", "Node")]
    public async Task Logs_are_json_lines_and_their_level_can_be_changed_at_run_time(string program, string section)
    {
        var copy = Copy(program);
        var http = ProgramUnderTest.FreePort();
        await using var running = ProgramUnderTest.StartScript(
            Path.Combine(copy, program),
            http,
            [
                ($"Caretta__{section}__LogFormat", "Json"),
                ($"Caretta__{section}__HttpPort", $"{http}"),
                ($"Caretta__{section}__DataFolder", Path.Combine(_folder, "data")),
                .. section == "Node" ? NodeSettings() : AggregatorSettings(),
            ]);
        await running.Ready();
        Assert.DoesNotContain("Debug", Levels(running.Output));

        var settings = Path.Combine(copy, "appsettings.json");
        var changed = (await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken)).Replace("\"Warning\"", "\"Debug\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(settings, changed, TestContext.Current.CancellationToken);
        await Eventually.True(
            async () =>
            {
                await running.Scrape(); // something to log
                return Levels(running.Output).Contains("Debug");
            },
            () => $"a line of level Debug; it said:\n{running.Output}");
        Assert.Equal(0, await running.Stop());
        Assert.NotEmpty(Levels(running.Output));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Of every line; a line that is no JSON object fails here.</summary>
    private static List<string> Levels(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("LogLevel").GetString()!)];

    private static (string Name, string Value)[] AggregatorSettings() =>
    [
        ("Caretta__Aggregator__IngressPort", $"{ProgramUnderTest.FreePort()}"),
        ("Caretta__Aggregator__RemotePort", $"{ProgramUnderTest.FreePort()}"),
        ("Caretta__Aggregator__Security", "Off"),
    ];

    private (string Name, string Value)[] NodeSettings() =>
    [
        ("Caretta__Node__RunFolder", Path.Combine(_folder, "run")),
        ("Caretta__Node__PinFolder", $"/sys/fs/bpf/caretta-e2e-{Guid.NewGuid():N}"),
        ("Caretta__Node__DetachOnStop", "true"),
        ("Caretta__Node__Aggregator", "http://127.0.0.1:7118"),
        ("Caretta__Node__Security", "Off"),
    ];

    /// <summary>With an appsettings.json of its own.</summary>
    private string Copy(string program)
    {
        var from = Path.GetDirectoryName(ProgramUnderTest.Executable(program))!;
        var to = Path.Combine(_folder, "bin");
        Hosts.Command.Run("cp", "-a", from, to);
        return to;
    }
}
