using System.CommandLine;
using System.Text.RegularExpressions;
using Caretta.Aggregator;
using Caretta.Aggregator.Certificates;
using Caretta.Aggregator.Journal.Tool;
using Caretta.Aggregator.Operation;
using Caretta.Messages.Settings;
using Caretta.Node;
using Caretta.Tests.Architecture;
using Caretta.Tests.Kubernetes;
using k8s;

namespace Caretta.Tests.Documentation;

/// <summary>Whoever copies a line of the documents finds what it names: commands, options, targets, folders, objects, values, series.</summary>
public partial class CommandSpecs
{
    private static readonly string[] Documents =
        ["README.md", "docs/operations.md", "docs/failure-modes.md", "docs/queries.md", "k8s/README.md", "k8s/chart/caretta/metrics/README.md"];

    private static readonly Command[] Described = [JournalCommand.Described, CertificatesCommand.Described, UnloadCommand.Described];

    public static TheoryData<string> All { get; } = new(Documents);

    [Theory]
    [MemberData(nameof(All))]
    public void Commands_and_their_options_exist(string document)
    {
        var help = new Dictionary<string, string>
        {
            ["caretta-aggregator"] = global::Caretta.Aggregator.Hosting.CommandLine.Help,
            ["caretta-node"] = global::Caretta.Node.CommandLine.Help,
        };
        var options = new Switches("", typeof(AggregatorOptions), "").Help + new Switches("", typeof(NodeOptions), "").Help + string.Concat(help.Values)
            + string.Join(' ', Described.SelectMany(command => command.Subcommands.Append(command)).SelectMany(command => command.Options).Select(option => option.Name));
        foreach (var code in Code(document))
        {
            foreach (Match named in Program().Matches(code))
            {
                var (program, command) = (named.Groups["program"].Value.Replace(".dll", "", StringComparison.Ordinal), named.Groups["command"].Value);
                Assert.True(command.Length == 0 || help[program].Contains($"{program} {command}", StringComparison.Ordinal), $"{document}: {named.Value}");
                Assert.All(
                    Option().Matches(code[named.Index..]).Select(option => option.Groups[1].Value).Where(option => option is not ("--url" or "--token-file" or "--user" or "--password-file" or "--namespace")),
                    option => Assert.True(options.Contains(option, StringComparison.Ordinal), $"{document}: {option} of {code}"));
            }

            foreach (Match named in Journal().Matches(code))
            {
                Assert.Contains(named.Groups[1].Value + named.Groups[2].Value, JournalCommand.Described.Subcommands.Select(command => command.Name));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Targets_of_make_exist(string document)
    {
        var targets = File.ReadAllLines(Path.Combine(Checkout.Root, "Makefile")).Select(line => Target().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.All(Code(document).SelectMany(code => Make().Matches(code)).Select(match => match.Groups[1].Value), target => Assert.Contains(target, targets));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Folders_to_apply_exist(string document) => Assert.All(
        Code(document).SelectMany(code => Applied().Matches(code)).Select(match => match.Groups[1].Value).Where(folder => folder != "FOLDER"),
        folder => Assert.True(File.Exists(Path.Combine(Checkout.Root, folder, "kustomization.yaml")), folder));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Objects_exist(string document)
    {
        var objects = (await Rendering.OfOverlayAsync("ha+victoria-metrics+grafana")).Concat(await Rendering.OfFolderAsync("chart", "caretta", "manifests", "uninstall"))
            .Select(one => $"{one.Kind}/{one.Metadata.Name}".ToLowerInvariant()).ToHashSet();

        Assert.All(Code(document).SelectMany(code => Object().Matches(code)).Select(match => match.Value), one => Assert.Contains(one, objects));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Values_of_the_chart_exist(string document)
    {
        var values = KubernetesYaml.Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Checkout.Root, "k8s", "chart", "caretta", "values.yaml")));

        Assert.All(Code(document).SelectMany(code => Value().Matches(code)).Select(match => match.Groups[1].Value), path => Assert.True(Has(values, path.Split('.')), path));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Series_exist(string document)
    {
        var known = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "metrics.md"));
        var unknown =
            from Match series in Series().Matches(File.ReadAllText(Path.Combine(Checkout.Root, document)))
            where !known.Contains($"`{series.Value}`", StringComparison.Ordinal)
            select series.Value;

        Assert.Empty(unknown.Distinct());
    }

    private static bool Has(object? values, IEnumerable<string> path) => !path.Any()
        || (values is IDictionary<string, object> of && of.TryGetValue(path.First(), out var next) && Has(next, path.Skip(1)))
        || (values is IDictionary<object, object> other && other.TryGetValue(path.First(), out var nested) && Has(nested, path.Skip(1)))
        || (values is IDictionary<object, object> { Count: 0 } or IDictionary<string, object> { Count: 0 });

    /// <summary>Lines of blocks, and what stands between backticks.</summary>
    private static IEnumerable<string> Code(string document)
    {
        var inBlock = false;
        foreach (var line in File.ReadAllText(Path.Combine(Checkout.Root, document)).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBlock = !inBlock;
            }
            else if (inBlock)
            {
                yield return line;
            }
            else
            {
                foreach (Match span in Span().Matches(line))
                {
                    yield return span.Groups[1].Value;
                }
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"(?<![\w/-])(?<program>caretta-(?:aggregator|node)(?:\.dll)?)(?: (?<command>[a-z][a-z-]+))?(?![\w/.-])")]
    private static partial Regex Program();

    [GeneratedRegex(@"(?<=\s)(--[a-z][a-z-]+)")]
    private static partial Regex Option();

    [GeneratedRegex(@"caretta-aggregator journal ([a-z]+)|^journal ([a-z]+)$")]
    private static partial Regex Journal();

    [GeneratedRegex(@"(?:^|\s)make ([a-z]+)")]
    private static partial Regex Make();

    [GeneratedRegex(@"^([a-z]+):")]
    private static partial Regex Target();

    [GeneratedRegex(@"kubectl (?:apply|delete) -k (\S+)")]
    private static partial Regex Applied();

    [GeneratedRegex(@"\b(?:statefulset|daemonset|job|cronjob|service|deployment)/[a-z-]+")]
    private static partial Regex Object();

    [GeneratedRegex(@"(?:^|[ ,])((?:image|node|aggregator|filters|persistence|postgresql|certificates|serviceMonitor|prometheusRule|dashboards|victoriaMetrics|grafana|openshift|uninstall)\.[A-Za-z.]+)(?==|$)")]
    private static partial Regex Value();

    [GeneratedRegex(@"(?>caretta_(?:node|aggregator)_[a-z_]+)(?<!_)")]
    private static partial Regex Series();
}
