using System.Globalization;
using Caretta.Aggregator;
using Caretta.Node;
using Caretta.Tests.Architecture;

namespace Caretta.Tests.Documentation;

/// <summary>README's tables of settings are those of the programs.</summary>
public class ReadmeSpecs
{
    private static readonly string[] Readme = File.ReadAllLines(Path.Combine(Checkout.Root, "README.md"));

    [Fact]
    public void Every_setting_of_the_agent_is_listed_with_its_default() =>
        Assert.Equal(Settings(new NodeOptions { NodeName = "the host's name" }), Listed("section `Caretta:Node`"));

    [Fact]
    public void Every_setting_of_the_aggregator_is_listed_with_its_default() =>
        Assert.Equal(Settings(new AggregatorOptions()), Listed("section `Caretta:Aggregator`"));

    private static IEnumerable<(string Name, string Default)> Settings<T>(T options) =>
        from property in typeof(T).GetProperties()
        select (property.Name, Shown(property.GetValue(options)));

    private static string Shown(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Uri uri => uri.OriginalString,
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static IEnumerable<(string Name, string Default)> Listed(string after) =>
        from line in Readme.SkipWhile(line => !line.Contains(after, StringComparison.Ordinal)).SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('|'))
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        select (cells[1].Trim('`'), cells[2].Trim('`'));
}
