using System.Text.RegularExpressions;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Views;
using Caretta.Tests.Aggregator.Map;
using Spectre.Console.Testing;

namespace Caretta.Tests.Aggregator.Cli;

/// <summary><c>top</c> in a terminal.</summary>
public partial class TopCommandSpecs
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_table_is_drawn_over_itself_each_refresh_until_an_interrupt()
    {
        using var console = new TestConsole { EmitAnsiSequences = true };
        console.Profile.Width = 160;
        using var interrupt = new CancellationTokenSource();
        var (time, asked) = (new ManualTime(), 0);
        var watching = TopCommand.WatchAsync(console, _ => Task.FromResult(Map(asked++)), time, interrupt.Token);

        foreach (var look in Enumerable.Range(1, 2))
        {
            await time.TimerWithin(Refresh);
            time.Pass(Refresh);
            while (!console.Output.Contains(Shown(look), StringComparison.Ordinal))
            {
                await Task.Yield();
            }
        }

        await interrupt.CancelAsync();
        await watching;

        Assert.Equal(3, asked);
        var drawn = console.Output;
        foreach (var look in Enumerable.Range(1, 2))
        {
            var (before, after) = (drawn.IndexOf(Shown(look - 1), StringComparison.Ordinal), drawn.IndexOf(Shown(look), StringComparison.Ordinal));
            Assert.Matches(CursorUp(), drawn[before..after]);
        }
    }

    [GeneratedRegex("\u001b\\[[0-9]+A")]
    private static partial Regex CursorUp();

    private static string Shown(int look) => $"{(100 * look) + 7} B/s";

    private static MapAnswer Map(int look) => MapView.Of(
        MapFacts.Model(MapFacts.Fact(MapFacts.Link("shop/cart", "data/db", 5432), sentRate: (100 * look) + 7)), new MapQuery { Expanded = [MapQuery.Everything] }, Refresh);
}
