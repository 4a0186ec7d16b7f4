using Caretta.Messages;
using Caretta.Messages.Settings;
using Caretta.Node.Names;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Node.Names;

public class LinkFilterSpecs
{
    private static readonly NetworkLink Link = new(new Workload("shop", "Deployment", "cart"), new Workload("data", "StatefulSet", "redis-main"), 6379, Role.Client);
    private static readonly Address Remote = Address.Parse("10.1.2.3");

    [Theory]
    [InlineData("", "", null)]
    [InlineData("IncludeNamespaces", "shop", null)]
    [InlineData("IncludeNamespaces", "other, data ,", null)]
    [InlineData("IncludeNamespaces", "da*", null)]
    [InlineData("IncludeNamespaces", "Shop", LeftOutReason.Namespace)]
    [InlineData("IncludeNamespaces", "dat,shopping", LeftOutReason.Namespace)]
    [InlineData("ExcludeNamespaces", "kube-system,data", LeftOutReason.Namespace)]
    [InlineData("ExcludeNamespaces", "s*p", LeftOutReason.Namespace)]
    [InlineData("ExcludeNamespaces", "kube-*", null)]
    [InlineData("IncludeWorkloads", "redis-*", null)]
    [InlineData("IncludeWorkloads", "*", null)]
    [InlineData("IncludeWorkloads", "redis", LeftOutReason.Workload)]
    [InlineData("ExcludeWorkloads", "cart", LeftOutReason.Workload)]
    [InlineData("ExcludeWorkloads", "*-main", LeftOutReason.Workload)]
    [InlineData("ExcludeWorkloads", "ar", null)]
    [InlineData("IncludeCidrs", "10.1.0.0/16", null)]
    [InlineData("IncludeCidrs", "fd00::/8,10.1.2.3", null)]
    [InlineData("IncludeCidrs", "10.2.0.0/16", LeftOutReason.Network)]
    [InlineData("ExcludeCidrs", "0.0.0.0/0", LeftOutReason.Network)]
    [InlineData("ExcludeCidrs", "::/0", null)]
    [InlineData("IncludePorts", "443,6000-6400", null)]
    [InlineData("IncludePorts", "6379-6379", null)]
    [InlineData("IncludePorts", "6380-6400", LeftOutReason.Port)]
    [InlineData("ExcludePorts", "1-65535", LeftOutReason.Port)]
    [InlineData("ExcludePorts", "6378,6380", null)]
    public void A_list_lets_through_or_leaves_out(string setting, string list, LeftOutReason? reason) =>
        Assert.Equal(reason, LeftOut(New((setting, list)), Remote));

    [Theory]
    [InlineData("Namespaces", "shop", LeftOutReason.Namespace)]
    [InlineData("Workloads", "cart", LeftOutReason.Workload)]
    [InlineData("Cidrs", "10.0.0.0/8", LeftOutReason.Network)]
    [InlineData("Ports", "6379", LeftOutReason.Port)]
    public void What_is_excluded_is_left_out_even_if_it_is_included(string what, string list, LeftOutReason reason) =>
        Assert.Equal(reason, LeftOut(New(($"Include{what}", list), ($"Exclude{what}", list)), Remote));

    [Fact]
    public void IPv6_networks_hold_their_addresses()
    {
        var filter = New(("IncludeCidrs", "fd00:1::/32"));

        Assert.Null(LeftOut(filter, Address.Parse("fd00:1::7")));
        Assert.Equal(LeftOutReason.Network, LeftOut(filter, Address.Parse("fd00:2::7")));
        Assert.Equal(LeftOutReason.Network, LeftOut(filter, Remote));
    }

    [Theory]
    [InlineData("ExcludeNamespaces", "shop,kube system", "kube system", "kube-system,monitoring-*")]
    [InlineData("IncludeNamespaces", "sho?", "sho?", "*")]
    [InlineData("IncludeWorkloads", "^cart$", "^cart$", "*")]
    [InlineData("ExcludeWorkloads", "cart;redis|x", "cart;redis|x", "commas")]
    [InlineData("IncludeCidrs", "10.1.2.3/8", "10.1.2.3/8", "zeros after the prefix")]
    [InlineData("IncludeCidrs", "10.0.0.0/33", "10.0.0.0/33", "10.0.0.0/8")]
    [InlineData("ExcludeCidrs", "10.0.0.0/8,localhost", "localhost", "10.0.0.0/8")]
    [InlineData("IncludePorts", "http", "http", "8000-8100")]
    [InlineData("IncludePorts", "0", "0", "65535")]
    [InlineData("ExcludePorts", "65536", "65536", "65535")]
    [InlineData("ExcludePorts", "80,8100-8000", "8100-8000", "lower one first")]
    [InlineData("ExcludePorts", "1-2-3", "1-2-3", "8000-8100")]
    [InlineData("ExcludePorts", "-80", "-80", "8000-8100")]
    public void An_entry_that_cannot_be_used_is_named_with_its_remedy(string setting, string list, string entry, string remedy)
    {
        var refused = Assert.Throws<SettingException>(() => New((setting, list)));

        Assert.Contains($"Caretta:Node:{setting} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{entry}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "10.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("fd00::1", "fd00::1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void What_does_not_leave_its_network_namespace_is_loopback(string local, string remote, bool loopback) =>
        Assert.Equal(loopback, new LinkEnds(Guid.Empty, false, Address.Parse(local), Address.Parse(remote), 80, Role.Client).IsLoopback);

    private static LeftOutReason? LeftOut(LinkFilter filter, Address remote) => filter.LeftOut(remote, Link.ServerPort) ?? filter.LeftOut(Link);

    private static LinkFilter New(params (string Setting, string List)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(set => set.Setting != "").ToDictionary(set => $"Caretta:Node:{set.Setting}", set => (string?)set.List))
            .Build();
        return new LinkFilter(SettingsSection.Read<FilterOptions>(configuration, "Caretta:Node"));
    }
}
