using System.Collections.Frozen;
using Caretta.TestServers.Machines;

namespace Caretta.EndToEnd.Tests.Kernels;

/// <summary>The probe paths on kernels that are not this machine's, each booted once. README's list of tested kernels is this list.</summary>
public sealed class KernelMatrixSpecs(ITestOutputHelper output)
{
    private const string KilledAgent = "killed-agent";

    /// <summary>The program itself, started as anybody would; what it kept in its ledger is compared with what was moved.</summary>
    private const string Agent = """
        agent() { # name, settings
          name=$1
          shift
          settings="--security Off --aggregator http://127.0.0.1:7118 --poll-interval 00:00:00.500 --run-folder /tmp/$name/run --data-folder /tmp/$name --detach-on-stop true $*"
          /guest/kernel-guest caretta-node doctor $settings
          /guest/kernel-guest caretta-node $settings &
          agent=$!
          until wget -q -O /dev/null http://127.0.0.1:7120/readyz; do kill -0 $agent || exit 1; sleep 1; done
          /guest/kernel-guest traffic /tmp/$name/moved
          echo "$name: $(wget -q -O - http://127.0.0.1:7120/metrics | grep ^caretta_node_probe_path)"
          kill $agent
          wait $agent
          /guest/kernel-guest ledger /tmp/$name/moved /tmp/$name $name
        }
        agent agent

        """;

    /// <summary>The same where the kernel's types are in a file only.</summary>
    private const string WithoutOwnTypes = """
        cp /sys/kernel/btf/vmlinux /tmp/types
        mount -t tmpfs none /sys/kernel/btf
        agent without-types --btf-file /tmp/types

        """;

    private static readonly (string Kernel, string Run, string Path)[] AllChoices =
    [
        ("6.1-x64", "agent", "tracing"),
        ("6.1-arm64", "agent", "tracing"),
        ("6.12-x64", "agent", "tracing"),
        ("5.10-x64", "agent", "kprobe"),
        ("5.10-x64", "without-types", "plain"),
    ];

    private static readonly FrozenDictionary<string, TestedKernel> Kernels = new Dictionary<string, TestedKernel>
    {
        ["6.1-x64"] = new(GuestArchitecture.X64, KernelMatrix.IsWhole ? ["Tracing", "Kprobe", "Plain"] : ["Tracing", "Kprobe"], Agent, ["Plain"]),
        ["6.1-arm64"] = new(GuestArchitecture.Arm64, ["Tracing", "Kprobe"], Agent, []),
        ["6.12-x64"] = new(GuestArchitecture.X64, ["Tracing", "Kprobe", "Plain"], Agent, []),
        ["5.10-x64"] = new(GuestArchitecture.X64, ["Kprobe", "Plain"], Agent + WithoutOwnTypes, ["Kprobe", "Plain"]),
    }.Where(kernel => KernelMatrix.Has(kernel.Key)).ToFrozenDictionary();

    /// <summary>As many machines at a time as this one has processors.</summary>
    private static readonly SemaphoreSlim Room = new(Environment.ProcessorCount);

    private static readonly Lazy<FrozenDictionary<string, Task<SerialConsole>>> Consoles =
        new(() => Kernels.ToFrozenDictionary(kernel => kernel.Key, kernel => Boot(kernel.Key, kernel.Value)));

    public static TheoryData<string, string> Paths() =>
        new(Kernels.SelectMany(kernel => kernel.Value.Paths.Select(path => (kernel.Key, path))));

    public static TheoryData<string, string> KilledPaths() =>
        new(Kernels.SelectMany(kernel => kernel.Value.KilledPaths.Select(path => (kernel.Key, path))));

    public static TheoryData<string, string, string> Choices() =>
        new(AllChoices.Where(choice => KernelMatrix.Has(choice.Kernel)));

    [KernelMatrixTheory]
    [MemberData(nameof(Paths))]
    public async Task Every_byte_is_counted_once(string kernel, string path)
    {
        var facts = (await Run(kernel)).Facts.Where(facts => facts.Path == path && facts.Scenario != KilledAgent).ToList();

        Assert.Equal(TestedKernel.Scenarios(path).Split(' '), facts.Select(facts => facts.Scenario));
        Assert.All(facts, Exact);
        Of("failed", "opened", 0);
        Of("evicted", "retiring", 2);
        Of("evicted", "still-retiring", 0);
        Of("namespace", "namespaces", 1);
        Of("churn", "unseen-ends", 0);
        Of("detached", "unobserved-sockets", 0);
        if (path != "Plain")
        {
            Of("live", "ahead", 0);
            Of("live", "opened-backwards", 0);
            Of("live", "live-flows", 2);
            Of("live", "established", 2);
        }

        if (path != "Tracing")
        {
            Assert.True(Number("full", "without-account") >= 24, "40 sockets found room in a table of 16.");
            Assert.True(Number("full", "coarse-flows") > 0, "Nothing went to the coarse flow.");
            Of("full", "lost-bytes", 0);
            Of("forgotten", "without-account", 0);
            Of("forgotten", "unseen-ends", 0);
        }

        ulong Number(string scenario, string name) => facts.Single(facts => facts.Scenario == scenario).Numbers[name];

        void Of(string scenario, string name, ulong expected) =>
            Assert.True(Number(scenario, name) == expected, $"{scenario}, {name}: {Number(scenario, name)} is not {expected}.");
    }

    [KernelMatrixTheory]
    [MemberData(nameof(Choices))]
    public async Task The_agent_takes_the_path_that_the_kernel_has_all_for(string kernel, string run, string path)
    {
        var console = await Run(kernel);

        Assert.Contains($"{run}: caretta_node_probe_path{{path=\"{path}\"}} 1", console.Text, StringComparison.Ordinal);
        Assert.Contains($"take the path {path}", console.Text, StringComparison.OrdinalIgnoreCase);
        Exact(console.Facts.Single(facts => facts.Scenario == run));
    }

    /// <summary>
    /// Where programs end with the agent, what nobody watched is told, by time and by what open connections had by then, and nothing is counted twice.
    /// </summary>
    [KernelMatrixTheory]
    [MemberData(nameof(KilledPaths))]
    public async Task An_agent_that_is_killed_and_returns_counts_nothing_twice_and_tells_what_nobody_watched(string kernel, string path)
    {
        var facts = (await Run(kernel)).Facts.Single(facts => facts.Path == path && facts.Scenario == KilledAgent);

        Exact(facts);
        var numbers = facts.Numbers;
        if (path == "Plain")
        {
            Assert.Equal((0UL, 0UL), (numbers["between-counted"], numbers["between-opened"]));
            Assert.Equal(2UL, numbers["unobserved-sockets"]);
            Assert.True(numbers["unobserved-milliseconds"] >= numbers["gap-milliseconds"], "The gap is not told.");
        }
        else
        {
            Assert.Equal(numbers["between-moved"], numbers["between-counted"]);
            Assert.Equal((0UL, 0UL), (numbers["unobserved-sockets"], numbers["unobserved-milliseconds"]));
        }
    }

    private static async Task<SerialConsole> Boot(string kernel, TestedKernel tested)
    {
        await Room.WaitAsync();
        try
        {
            return await Task.Run(() => Machine.Run(kernel, tested.Architecture, tested.Script));
        }
        finally
        {
            Room.Release();
        }
    }

    private async Task<SerialConsole> Run(string kernel)
    {
        var console = await Consoles.Value[kernel];
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
}
