using Caretta.TestServers.Machines;

namespace Caretta.EndToEnd.Tests.Kernels;

/// <summary>The agent under AppArmor, which this machine's kernel need not have, as container runtimes set it on hosts that do.</summary>
public sealed class ContainerProfileSpecs(ITestOutputHelper output)
{
    /// <summary>
    /// What matters of the profile that runtimes give by default, and the agent under it: with its pins where the host has them, and where the
    /// manifests have them.
    /// </summary>
    private const string Script = """
        cat > /tmp/profile <<TEXT
        profile container flags=(attach_disconnected,mediate_deleted) {
          network,
          capability,
          file,
          umount,
          signal,
          deny mount,
          deny /proc/sys/** w,
          deny /sys/fs/bpf/** wkl,
          deny /sys/kernel/security/** rwkl,
        }
        TEXT
        cat > /tmp/confined <<'TEXT'
        echo -n "exec container" > /proc/self/attr/exec
        exec "$@"
        TEXT
        mount -t securityfs securityfs /sys/kernel/security
        : > /etc/apparmor/parser.conf # as it comes it names files that are not here
        PATH=$PATH:/sbin:/usr/sbin apparmor_parser -K /tmp/profile
        agent() { # name, settings
          name=$1
          shift
          settings="--security Off --aggregator http://127.0.0.1:7118 --poll-interval 00:00:00.500 --run-folder /tmp/$name/run --data-folder /tmp/$name --detach-on-stop true $*"
          sh /tmp/confined /guest/kernel-guest caretta-node doctor $settings
          sh /tmp/confined /guest/kernel-guest caretta-node $settings &
          agent=$!
          until wget -q -O /dev/null http://127.0.0.1:7120/readyz; do kill -0 $agent || { echo "$name: ended"; return; }; sleep 1; done
          echo "$name: $(cat /proc/$agent/attr/current)"
          /guest/kernel-guest traffic /tmp/$name/moved
          kill $agent
          wait $agent
          /guest/kernel-guest ledger /tmp/$name/moved /tmp/$name $name
          echo "$name: left $(ls /sys/fs/bpf)."
        }
        agent in-the-hosts-place
        mkdir /bpf
        mount --bind /sys/fs/bpf /bpf
        agent elsewhere --pin-folder /bpf/caretta

        """;

    [KernelMatrixTheory]
    [InlineData("6.1-x64")]
    public void With_its_pins_elsewhere_the_agent_counts_and_leaves_nothing_and_in_the_hosts_place_it_says_what_to_do(string kernel)
    {
        var console = Machine.Run(kernel, GuestArchitecture.X64, Script);
        output.WriteLine(console.Text);

        Assert.Contains("in-the-hosts-place: ended", console.Text, StringComparison.Ordinal);
        Assert.Contains("a security module refuses it", console.Text, StringComparison.Ordinal);
        Assert.Contains("elsewhere: container (enforce)", console.Text, StringComparison.Ordinal);
        Assert.Contains("elsewhere: left .", console.Text, StringComparison.Ordinal);
        var facts = console.Facts.Single(facts => facts.Scenario == "elsewhere");
        Assert.True(facts.Failure is null, facts.Failure);
        Assert.NotEmpty(facts.Pairs);
        Assert.All(facts.Pairs, pair => Assert.True(pair.Value[0] == pair.Value[1], $"{pair.Key}: moved {pair.Value[0]}, counted {pair.Value[1]}"));
    }
}
