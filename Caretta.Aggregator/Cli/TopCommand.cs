using System.CommandLine;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Views;
using Spectre.Console;

namespace Caretta.Aggregator.Cli;

/// <summary><c>top</c>: what carries the most, live; where nobody watches, once.</summary>
internal static class TopCommand
{
    private const int FewestLines = 5;

    /// <summary>Of the terminal: title, heads, frame, and the line of the prompt.</summary>
    private const int BesideLines = 8;

    /// <summary>Where there is no terminal to say how wide it is: wide enough for two names.</summary>
    private const int WidthOfFiles = 200;

    public static Command Make()
    {
        var (server, filters) = (new ServerOptions(), new FilterOptions());
        var lines = new Option<int?>("--lines", "-n") { Description = "So many edges; by default as many as the terminal has room for.", HelpName = "COUNT" };
        var once = new Option<bool>("--once") { Description = "One table, as if the output were no terminal." };
        var command = new Command("top", "Shows live which workloads talk the most, over the whole cluster. Ctrl-C ends it.") { lines, once };
        filters.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var aggregator = server.Open(parsed);
            var output = parsed.InvocationConfiguration.Output;
            var isLive = !parsed.GetValue(once) && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = isLive ? AnsiSupport.Detect : AnsiSupport.No });
            console.Profile.Width = isLive ? console.Profile.Width : WidthOfFiles;
            var count = Math.Clamp(parsed.GetValue(lines) ?? (isLive ? console.Profile.Height - BesideLines : 30), FewestLines, MapQuery.MostEdges);
            var question = $"api/v1/map?{filters.Question(parsed)}expand=*&maxNodes={MapQuery.MostNodes}&maxEdges={count}";
            if (isLive)
            {
                await WatchAsync(console, token => aggregator.AskAsync<MapAnswer>(question, token), TimeProvider.System, cancel);
            }
            else
            {
                console.Write(TopTable.Of(await aggregator.AskAsync<MapAnswer>(question, cancel)));
            }

            return 0;
        });
        return command;
    }

    /// <summary>Draws anew as often as the map is made anew, until cancelled.</summary>
    internal static async Task WatchAsync(IAnsiConsole console, Func<CancellationToken, Task<MapAnswer>> ask, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var map = await ask(cancel);
            await console.Live(TopTable.Of(map)).StartAsync(async live =>
            {
                live.Refresh(); // by itself it draws nothing before the first update
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(1, map.RefreshSeconds)), time);
                while (await timer.WaitForNextTickAsync(cancel))
                {
                    live.UpdateTarget(TopTable.Of(await ask(cancel)));
                }
            });
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how it is ended
        }
    }
}
