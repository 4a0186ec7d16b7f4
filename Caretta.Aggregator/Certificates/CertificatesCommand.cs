using System.CommandLine;
using Caretta.Aggregator.Directory.Watches;
using Caretta.Aggregator.Hosting;
using Caretta.Messages.Settings;
using k8s;

namespace Caretta.Aggregator.Certificates;

/// <summary><c>caretta-aggregator certificates</c>: what an installation in Kubernetes is given instead of another component.</summary>
internal static class CertificatesCommand
{
    public const string Name = "certificates";

    private const string Description = """
        Makes the authority and the members' certificate of an installation in Kubernetes, and renews them when their time comes. To be run at
        install, and then about once a week: it changes nothing before there is something to do.

        How the API server is reached, the aggregator's own settings say (--kubernetes InCluster). Exit code 0: all is as it should be. 1: it is
        not, and the message says why.
        """;

    /// <summary>For a shell that asks how a line may go on; not to be run.</summary>
    public static Command Described => Make([], TimeProvider.System);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var (settings, others) = CommandLine.Switches.Split(args);
            var root = new RootCommand("caretta-aggregator") { Make(settings, time) };
            return await root.Parse(others).InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancel);
        }
        catch (Exception refused) when (refused is StartRefusedException or SettingException)
        {
            await error.WriteLineAsync(refused.Message);
            return 1;
        }
    }

    private static Command Make(IReadOnlyList<string> settings, TimeProvider time)
    {
        var home = new Option<string>("--namespace") { Description = "Of the aggregators.", DefaultValueFactory = _ => "caretta" };
        var authority = new Option<string>("--authority") { Description = "Secret with the authority.", DefaultValueFactory = _ => "caretta-authority" };
        var member = new Option<string>("--member") { Description = "Secret that aggregators mount.", DefaultValueFactory = _ => "caretta-aggregator-tls" };
        var bundle = new Option<string>("--bundle")
        {
            Description = "NAMESPACE/NAME of the ConfigMap that agents mount.",
            DefaultValueFactory = _ => "caretta-agents/caretta-authorities",
        };
        var names = new Option<string[]>("--name") { Description = "A DNS name that agents or browsers dial; may be repeated." };
        var restart = new Option<string?>("--restart") { Description = "StatefulSet that is rolled when its members have a new certificate." };
        var command = new Command(Name, Description) { home, authority, member, bundle, names, restart };
        command.SetAction((parsed, cancel) =>
        {
            var at = parsed.GetRequiredValue(bundle).Split('/') is [{ Length: > 0 } space, { Length: > 0 } name]
                ? (space, name)
                : throw new SettingException("--bundle is NAMESPACE/NAME.");
            var places = new CertificatePlaces(
                parsed.GetRequiredValue(home), parsed.GetRequiredValue(authority), parsed.GetRequiredValue(member), at.space, at.name, parsed.GetValue(restart));
            return RunAsync(settings, places, parsed.GetValue(names) ?? [], time, parsed.InvocationConfiguration.Output, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<string> settings, CertificatePlaces places, IReadOnlyList<string> names, TimeProvider time, TextWriter output, CancellationToken cancel)
    {
        var options = Read(settings);
        using var api = new Kubernetes(ApiAccess.Configuration(options) ?? throw new SettingException(
            $"Setting {AggregatorOptions.Section}:{nameof(AggregatorOptions.Kubernetes)} is Off: certificates are kept in a cluster. Set it to InCluster or KubeConfig."));
        var store = new CertificateStore(api, places);
        var held = await store.ReadAsync(cancel);
        var next = CertificatePlan.Next(held, [.. names.Prepend(options.MemberName).Distinct(StringComparer.OrdinalIgnoreCase)], time.GetUtcNow());
        var written = await store.WriteAsync(next, cancel);
        await output.WriteLineAsync(written.Count == 0 ? "Nothing to do." : $"Written: {string.Join(", ", written)}.");
        return 0;
    }

    private static AggregatorOptions Read(IReadOnlyList<string> settings)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables();
        CommandLine.Switches.AddTo(configuration, settings);
        return SettingsSection.Read<AggregatorOptions>(configuration.Build(), AggregatorOptions.Section);
    }
}
