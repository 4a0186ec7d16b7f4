using Caretta.TestServers.Machines;

namespace Caretta.EndToEnd.Tests.Kernels;

/// <summary>The probe paths on kernels that are not this machine's. README's list of tested kernels is this list.</summary>
public sealed class KernelMatrixSpecs(ITestOutputHelper output)
{
    private const string Every = "short short-v6 failed churn older baseline detached names";
    private const string WithIterators = " live live-sender killed";
    private const string WithTable = " full forgotten";

    /// <summary>The program itself, started as anybody would; what it kept in its ledger is compared with what was moved.</summary>
    private const string Agent = """
        settings="--security Off --poll-interval 00:00:00.500 --data-folder /tmp/data --run-folder /run/caretta --detach-on-stop true"
        /guest/kernel-guest caretta-node doctor $more
        /guest/kernel-guest caretta-node $settings $more &
        agent=$!
        until wget -q -O /dev/null http://127.0.0.1:7120/readyz; do sleep 1; done
        /guest/kernel-guest traffic /tmp/moved
        wget -q -O - http://127.0.0.1:7120/metrics | grep probe_path
        kill $agent
        wait $agent
        /guest/kernel-guest ledger /tmp/moved /tmp/data
        """;

    /// <summary>The kernel's types are in a file only.</summary>
    private const string WithoutOwnTypes = """
        cp /sys/kernel/btf/vmlinux /tmp/types
        mount -t tmpfs none /sys/kernel/btf
        more="--btf-file /tmp/types"

        """;

    [KernelMatrixTheory]
    [InlineData("6.12-x64", GuestArchitecture.X64, "Tracing")]
    [InlineData("6.1-x64", GuestArchitecture.X64, "Tracing")]
    [InlineData("6.1-x64", GuestArchitecture.X64, "Kprobe")]
    [InlineData("6.1-x64", GuestArchitecture.X64, "Plain")]
    [InlineData("5.10-x64", GuestArchitecture.X64, "Kprobe")]
    [InlineData("5.10-x64", GuestArchitecture.X64, "Plain")]
    [InlineData("6.1-arm64", GuestArchitecture.Arm64, "Tracing")]
    [InlineData("6.1-arm64", GuestArchitecture.Arm64, "Kprobe")]
    public void Every_byte_is_counted_once(string kernel, GuestArchitecture architecture, string path)
    {
        var scenarios = Every + (path == "Plain" ? "" : WithIterators) + (path == "Tracing" ? "" : WithTable);
        var console = Run(kernel, architecture, $"/guest/kernel-guest {path} {scenarios}");

        Assert.Equal(scenarios.Split(' '), console.Facts.Select(facts => facts.Scenario));
        Assert.All(console.Facts, Exact);
        Of(console, "failed", "opened", 0);
        Of(console, "detached", "unobserved-sockets", 0);
        if (path != "Plain")
        {
            Of(console, "live", "ahead", 0);
            Of(console, "live", "opened-backwards", 0);
            Of(console, "live", "live-flows", 2);
            Of(console, "live", "established", 2);
        }

        if (path != "Tracing")
        {
            Assert.True(Number(console, "full", "without-account") >= 24, "40 sockets found room in a table of 16.");
            Assert.True(Number(console, "full", "coarse-flows") > 0, "Nothing went to the coarse flow.");
            Of(console, "full", "lost-bytes", 0);
            Of(console, "forgotten", "without-account", 0);
            Of(console, "forgotten", "unseen-ends", 0);
        }
    }

    [KernelMatrixTheory]
    [InlineData("6.12-x64", GuestArchitecture.X64, "tracing", "")]
    [InlineData("6.1-x64", GuestArchitecture.X64, "tracing", "")]
    [InlineData("5.10-x64", GuestArchitecture.X64, "kprobe", "")]
    [InlineData("5.10-x64", GuestArchitecture.X64, "plain", WithoutOwnTypes)]
    [InlineData("6.1-arm64", GuestArchitecture.Arm64, "tracing", "")]
    public void The_agent_takes_the_path_that_the_kernel_has_all_for(string kernel, GuestArchitecture architecture, string path, string before)
    {
        var console = Run(kernel, architecture, before + Agent);

        Assert.Contains($"caretta_node_probe_path{{path=\"{path}\"}} 1", console.Text, StringComparison.Ordinal);
        Assert.Contains($"take the path {path}", console.Text, StringComparison.OrdinalIgnoreCase);
        Exact(Assert.Single(console.Facts));
    }

    private SerialConsole Run(string kernel, GuestArchitecture architecture, string script)
    {
        var console = Machine.Run(kernel, architecture, script);
        output.WriteLine(console.Text);
        Assert.True(console.Ended, "The machine did not come to its end.");
        Assert.False(console.Warned, "The kernel warned.");
        return console;
    }

    /// <summary>Nothing failed, and everything was counted that was moved, and nothing else.</summary>
    private static void Exact(GuestFacts facts)
    {
        Assert.True(facts.Failure is null, $"{facts.Scenario}: {facts.Failure}");
        Assert.NotEmpty(facts.Pairs);
        Assert.All(facts.Pairs, pair => Assert.True(
            pair.Value[0] == pair.Value[1], $"{facts.Scenario}, {pair.Key}: moved {pair.Value[0]}, counted {pair.Value[1]}"));
    }

    private static void Of(SerialConsole console, string scenario, string name, ulong expected) =>
        Assert.True(Number(console, scenario, name) == expected, $"{scenario}, {name}: {Number(console, scenario, name)} is not {expected}.");

    private static ulong Number(SerialConsole console, string scenario, string name) =>
        console.Facts.Single(facts => facts.Scenario == scenario).Numbers[name];
}
