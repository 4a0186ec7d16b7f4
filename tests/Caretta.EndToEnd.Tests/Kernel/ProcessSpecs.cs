using System.Globalization;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>What the processes iterator tells of real processes.</summary>
public sealed class ProcessSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    /// <summary>Its first thread ends; the other one, which has a name of its own, says "ready" and waits for the end of the input.</summary>
    private const string EndsItsFirstThread = """
        #include <pthread.h>
        #include <stdio.h>
        #include <sys/prctl.h>
        #include <unistd.h>
        static void *wait_for_end(void *first)
        {
            char c;
            pthread_join(*(pthread_t *)first, NULL);
            prctl(PR_SET_NAME, "another");
            puts("ready");
            fflush(stdout);
            return read(0, &c, 1) < 0 ? first : NULL;
        }
        int main(void)
        {
            static pthread_t first, other;
            first = pthread_self();
            prctl(PR_SET_NAME, "first-thread");
            pthread_create(&other, NULL, wait_for_end, &first);
            pthread_exit(NULL);
        }
        """;

    [PrivilegedFact]
    public void Each_process_is_told_once()
    {
        using var table = new TableUnderTest();
        var before = PidsInProc();
        var told = Read(table).Select(process => process.Pid).ToList();
        var throughout = before.Intersect(PidsInProc()).Where(pid => pid != 1).ToList(); // which some machines keep hidden

        Assert.Equal(throughout.Order(), told.Intersect(throughout).Order());
        Assert.Equal(told.Count, told.Distinct().Count());
    }

    [PrivilegedFact]
    public void A_process_is_told_with_its_network_namespace_cgroup_and_name()
    {
        using var table = new TableUnderTest();
        using var process = new HeldProcess("printf in-a-namespace > /proc/$$/comm", hosts.Client);
        var told = Read(table).Single(told => told.Pid == process.Id);
        var own = Read(table).Single(told => told.Pid == Environment.ProcessId);

        Assert.Equal(Libc.InodeOf($"/run/netns/{hosts.Client.Name}"), told.Netns);
        Assert.Equal(Libc.InodeOf("/proc/self/ns/net"), own.Netns);
        Assert.NotEqual(0UL, told.NetnsCookie);
        Assert.NotEqual(own.NetnsCookie, told.NetnsCookie);
        Assert.Equal(new FlowKey(hosts.Client.Ipv4, hosts.Server.Ipv4, 1, Messages.Role.Client, comm: "in-a-namespace").CommBytes, told.Comm);
    }

    [PrivilegedFact]
    public void A_process_is_told_with_its_cgroup_of_version_2()
    {
        Assert.SkipWhen(CgroupTree.Root is null, "needs cgroups of version 2");
        using var table = new TableUnderTest();
        using var pod = new PodFolder(CgroupTree.Root);
        using var process = new HeldProcess(pod.Enter);

        Assert.Equal(Libc.InodeOf(pod.ContainersCgroup), Read(table).Single(told => told.Pid == process.Id).CgroupId);
    }

    [PrivilegedFact]
    public void A_process_whose_first_thread_has_ended_is_told_by_the_others_under_its_name()
    {
        using var table = new TableUnderTest();
        var program = Path.GetTempFileName();
        try
        {
            File.WriteAllText(program + ".c", EndsItsFirstThread);
            Command.Run("clang", "-pthread", program + ".c", "-o", program + ".out");
            using var process = new HeldProcess([program + ".out"], hosts.Server);
            var told = Read(table).Single(told => told.Pid == process.Id);

            Assert.Equal(Libc.InodeOf($"/run/netns/{hosts.Server.Name}"), told.Netns);
            Assert.Equal(new FlowKey(hosts.Client.Ipv4, hosts.Server.Ipv4, 1, Messages.Role.Client, comm: "first-thread").CommBytes, told.Comm);
        }
        finally
        {
            File.Delete(program);
            File.Delete(program + ".c");
            File.Delete(program + ".out");
        }
    }

    /// <summary>What the last flows of an agent that takes itself off belong to has still to be found out.</summary>
    [PrivilegedFact]
    public void Processes_are_told_also_once_the_programs_that_count_are_off()
    {
        using var table = new TableUnderTest();
        table.Table.Detach();

        Assert.Contains(Read(table), told => told.Pid == Environment.ProcessId);
    }

    [PrivilegedFact]
    public void In_another_PID_namespace_processes_have_the_numbers_they_have_there()
    {
        using var table = new TableUnderTest();
        var told = ReadBy(table, "unshare", "--pid", "--fork", "--kill-child");

        Assert.Equal([1U], told.Select(process => process.Pid)); // the reader alone
    }

    /// <summary>The agent's capabilities in a cluster. A process's network namespace in /proc is not for it to see.</summary>
    [PrivilegedFact]
    public void The_agents_two_capabilities_are_enough_to_read_it()
    {
        string[] limited = ["setpriv", "--bounding-set=-all,+bpf,+perfmon", "--inh-caps=-all,+bpf,+perfmon"];
        using var table = new TableUnderTest();
        using var process = new HeldProcess("true", hosts.Client);

        Assert.Contains(ReadBy(table, limited), told => told.Pid == process.Id && told.Netns == Libc.InodeOf($"/run/netns/{hosts.Client.Name}"));
        Assert.Equal(File.ReadAllText($"/proc/{process.Id}/cgroup"), Command.Run(limited[0], [.. limited[1..], "cat", $"/proc/{process.Id}/cgroup"]));
    }

    [PrivilegedFact]
    public void A_process_that_has_ended_has_no_cgroups_to_tell()
    {
        Assert.SkipWhen(CgroupTree.Root is null, "needs cgroups of version 2");
        using var table = new TableUnderTest();
        var processes = new KernelProcesses(table.PinFolder);
        uint gone;
        using (var process = new HeldProcess("true"))
        {
            gone = process.Id;
            Assert.Contains("0::", processes.CgroupsOf(gone), StringComparison.Ordinal);
        }

        Assert.Null(processes.CgroupsOf(gone));
    }

    [PrivilegedFact]
    public void Without_programs_there_is_nothing_to_read()
    {
        var refused = Assert.Throws<LibbpfException>(() => new KernelProcesses("/sys/fs/bpf/caretta-test-none").Read());

        Assert.Contains("/sys/fs/bpf/caretta-test-none", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ProcessRecord> Read(TableUnderTest table) => new KernelProcesses(table.PinFolder).Read();

    /// <summary>Another process opens the iterator and hands on what it reads.</summary>
    private static List<ProcessRecord> ReadBy(TableUnderTest table, params string[] how)
    {
        var output = Path.GetTempFileName();
        try
        {
            var pin = Directory.GetFiles(table.PinFolder, "processes", SearchOption.AllDirectories).Single();
            Command.Run(how[0], [.. how[1..], "dd", $"if={pin}", $"of={output}", "bs=64k", "status=none"]);
            var records = new List<ProcessRecord>();
            SizedRecords.Parse(File.ReadAllBytes(output), records);
            return records;
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Of processes that have not ended: one that nobody has waited for yet is still in /proc.</summary>
    private static List<uint> PidsInProc() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           where uint.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let pid = uint.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)
           where !HasEnded(pid)
           select pid,
    ];

    private static bool HasEnded(uint pid)
    {
        var status = Path.Combine("/proc", pid.ToString(CultureInfo.InvariantCulture), "status");
        try
        {
            return File.ReadLines(status).Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal) || line.StartsWith("State:\tX", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return true;
        }
    }
}
