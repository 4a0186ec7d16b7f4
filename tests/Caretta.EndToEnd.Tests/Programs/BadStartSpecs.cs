using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>A start that cannot be ends at once, with a code that is not zero and one message that names the cause and the remedy.</summary>
public sealed class BadStartSpecs : IDisposable
{
    private const string Run = "exec \"$0\" \"$@\"";
    private const string Node = "caretta-node";
    private const string Aggregator = "caretta-aggregator";

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly string _pinFolder = $"/sys/fs/bpf/caretta-e2e-{Guid.NewGuid():N}";

    [PrivilegedTheory]
    [InlineData("mount -t tmpfs none /sys/kernel/btf", "no type information", "CONFIG_DEBUG_INFO_BTF")]
    [InlineData("for l in $(find /usr/lib /usr/local/lib /usr/lib64 -name 'libbpf.so.1*' 2>/dev/null); do mount --bind /dev/null $l; done", "libbpf.so.1 is missing", "apt-get install libbpf1")]
    [InlineData("exec setpriv --bounding-set=-bpf,-sys_admin \"$0\" \"$@\"", "lacks CAP_BPF", "CAP_BPF and CAP_PERFMON")]
    [InlineData("exec setpriv --bounding-set=-perfmon,-sys_admin \"$0\" \"$@\"", "lacks CAP_PERFMON", "CAP_BPF and CAP_PERFMON")]
    [InlineData("umount --lazy /sys/fs/bpf; exec setpriv --bounding-set=-sys_admin \"$0\" \"$@\"", "not in a bpffs", "mount -t bpf")]
    [InlineData(
        "mount -t tmpfs none /sys/kernel/security; echo 'none integrity [confidentiality]' > /sys/kernel/security/lockdown",
        "lockdown",
        "lockdown=integrity")]
    public async Task On_a_machine_that_lacks_something_the_agent_says_what_and_what_to_do(string sabotage, string cause, string remedy)
    {
        var (exitCode, output) = await ProgramUnderTest.RunWithout($"{sabotage}; {Run}", Node, NodeSettings());

        Refused(exitCode, output, cause, remedy);
        Assert.False(Directory.Exists(_pinFolder));
    }

    [PrivilegedFact]
    public async Task A_path_that_this_kernel_does_not_have_all_for_is_refused_with_what_it_lacks()
    {
        const string sabotage = "mount -t tmpfs none /sys/bus/event_source/devices";
        var (exitCode, output) = await ProgramUnderTest.RunWithout($"{sabotage}; {Run}", Node, [.. NodeSettings(), "--probe-path=Kprobe"]);

        Refused(exitCode, output, "no kprobes", "set it to Auto");
        Assert.False(Directory.Exists(_pinFolder));
    }

    [PrivilegedFact]
    public async Task A_bpffs_that_is_not_mounted_is_mounted_where_that_is_allowed()
    {
        const string unmount = "umount --lazy /sys/fs/bpf; \"$0\" \"$@\"; stat --file-system --format=%T /sys/fs/bpf";
        var (exitCode, output) = await ProgramUnderTest.RunWithout(unmount, Node, ["unload", .. NodeSettings()]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("bpf_fs", output, StringComparison.Ordinal);
    }

    [PrivilegedTheory]
    [InlineData(Node, "Caretta:Node:HttpPort")]
    [InlineData(Aggregator, "Caretta:Aggregator:HttpPort")]
    [InlineData(Aggregator, "Caretta:Aggregator:IngressPort")]
    [InlineData(Aggregator, "Caretta:Aggregator:RemotePort")]
    public async Task A_port_in_use_is_named_with_its_setting(string program, string setting)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await ProgramUnderTest.Run(program, [.. Settings(program), $"--{setting}={port}"]);

        Refused(exitCode, output, $"127.0.0.1:{port}", setting);
        Assert.False(Directory.Exists(_pinFolder));
    }

    [PrivilegedTheory]
    [InlineData(Node, "Caretta:Node:DataFolder")]
    [InlineData(Aggregator, "Caretta:Aggregator:DataFolder")]
    public async Task A_data_folder_that_cannot_be_written_is_named_with_its_setting(string program, string setting)
    {
        var (exitCode, output) = await ProgramUnderTest.Run(program, [.. Settings(program), $"--{setting}=/proc/caretta"]);

        Refused(exitCode, output, "/proc/caretta", setting);
        Assert.False(Directory.Exists(_pinFolder));
    }

    [PrivilegedTheory]
    [InlineData(Node, "--Caretta:Node:PolInterval=00:00:01", "PolInterval", "PollInterval")]
    [InlineData(Node, "--Caretta:Node:PollInterval=1h", "PollInterval", "1h")]
    [InlineData(Node, "--Caretta:Node:PollInterval=00:10:00", "PollInterval", "00:05:00")]
    [InlineData(Node, "--Caretta:Node:Aggregator=localhost:7118", "Caretta:Node:Aggregator", "http://")]
    [InlineData(Node, "--Caretta:Node:ListenAddress=everywhere", "Caretta:Node:ListenAddress", "everywhere")]
    [InlineData(Node, "--Caretta:Node:Security=Tls", "Caretta:Node:Aggregator is http://127.0.0.1:7118", "Write https://")]
    [InlineData(Node, "--Caretta:Node:Aggregator=http://192.0.2.1:7118", "Caretta:Node:Security is Off", "set Security to Tls")]
    [InlineData(Node, "--pol-interval=1", "--pol-interval", "--help")]
    [InlineData(Node, "start", "start", "--help")]
    [InlineData(Aggregator, "--Caretta:Aggregator:HttpPrt=1", "HttpPrt", "HttpPort")]
    [InlineData(Aggregator, "--Caretta:Aggregator:HttpPort=99999", "HttpPort", "65535")]
    [InlineData(Aggregator, "--Caretta:Aggregator:Exported=some", "Exported", "some")]
    [InlineData(Aggregator, "--Caretta:Aggregator:Security=Tls", "Caretta:Aggregator:CertificateFile", "set Caretta:Aggregator:Security to Off")]
    [InlineData(Aggregator, "--Caretta:Aggregator:ListenAddress=0.0.0.0", "Caretta:Aggregator:Security is Off", "Set Security to Tls")]
    [InlineData(Aggregator, "--htp-port=1", "--htp-port", "--help")]
    public async Task A_setting_that_cannot_be_is_named(string program, string argument, string cause, string remedy)
    {
        string[] arguments = argument.StartsWith('-') ? [.. Settings(program), argument] : [argument, .. Settings(program)];
        var (exitCode, output) = await ProgramUnderTest.Run(program, arguments);

        Refused(exitCode, output, cause, remedy);
        Assert.False(Directory.Exists(_pinFolder));
    }

    [PrivilegedFact]
    public async Task A_ledger_that_cannot_be_read_is_kept_aside_and_a_new_one_begins()
    {
        await using var host = new OneHost();
        Directory.CreateDirectory(host.NodeFolder);
        var damaged = new byte[8192];
        Random.Shared.NextBytes(damaged);
        await File.WriteAllBytesAsync(Path.Combine(host.NodeFolder, "ledger.db"), damaged, TestContext.Current.CancellationToken);

        await host.StartNode().Ready();

        var kept = Assert.Single(Directory.GetFiles(host.NodeFolder, "ledger.db.corrupt-*"));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken));
        await host.Node.Says(kept);
        Assert.True(await host.NodeCounter("caretta_node_loss_events_total", ("reason", "ledger_lost")) >= 1);
    }

    /// <summary>Linux gives 128 to all that runs as root on a host, and others may have them.</summary>
    [PrivilegedFact]
    public async Task Without_a_free_inotify_instance_both_come_as_far_as_otherwise()
    {
        Assert.SkipWhen(Command.Try("unshare", "--user", "true").ExitCode != 0, "needs user namespaces: they have limits of their own");
        const string none = "echo 0 > /proc/sys/user/max_inotify_instances; ";
        var settings = AggregatorSettings();
        var port = settings.Single(setting => setting.Contains("HttpPort", StringComparison.Ordinal)).Split('=')[1];
        await using (var aggregator = Start(none, Aggregator, settings, port))
        {
            await aggregator.Ready();
            Assert.Equal(0, await aggregator.Stop());
        }

        // Which can load no program there, and says so.
        settings = NodeSettings();
        await using var before = Start("", Node, settings);
        await using var node = Start(none, Node, settings);
        Assert.Equal((1, 1), (await before.Ended(), await node.Ended()));
        Assert.Equal(before.Output, node.Output);

        static ProgramUnderTest Start(string sabotage, string program, string[] settings, string port = "0") => ProgramUnderTest.StartCommand(
            new Uri($"http://127.0.0.1:{port}"), "unshare", ["--user", "--map-root-user", "sh", "-ec", sabotage + Run, ProgramUnderTest.Executable(program), .. settings]);
    }

    [PrivilegedTheory]
    [InlineData(Node)]
    [InlineData(Aggregator)]
    public async Task Version_and_help_need_nothing(string program)
    {
        var (exitCode, version) = await ProgramUnderTest.Run(program, "--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*$", version);

        (exitCode, var help) = await ProgramUnderTest.Run(program, "--help");
        Assert.Equal(0, exitCode);
        Assert.Contains("--data-folder", help, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Refused(int exitCode, string output, string cause, string remedy)
    {
        Assert.True(exitCode == 1, $"It ended with {exitCode}:\n{output}");
        Assert.Contains(cause, output, StringComparison.Ordinal);
        Assert.Contains(remedy, output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string[] Settings(string program) => program == Node ? NodeSettings() : AggregatorSettings();

    private string[] NodeSettings() =>
    [
        $"--Caretta:Node:DataFolder={_folder}/node",
        $"--Caretta:Node:RunFolder={_folder}/run",
        $"--Caretta:Node:PinFolder={_pinFolder}",
        $"--Caretta:Node:HttpPort={ProgramUnderTest.FreePort()}",
        "--Caretta:Node:Aggregator=http://127.0.0.1:7118",
        "--Caretta:Node:Security=Off",
    ];

    private string[] AggregatorSettings() =>
    [
        $"--Caretta:Aggregator:DataFolder={_folder}/aggregator",
        $"--Caretta:Aggregator:HttpPort={ProgramUnderTest.FreePort()}",
        $"--Caretta:Aggregator:IngressPort={ProgramUnderTest.FreePort()}",
        $"--Caretta:Aggregator:RemotePort={ProgramUnderTest.FreePort()}",
        "--Caretta:Aggregator:Security=Off",
    ];
}
