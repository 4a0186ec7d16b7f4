using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Kernel;

public class CgroupHierarchiesSpecs
{
    [Theory]
    [InlineData("0::/\n", "6.1", true)]
    [InlineData("0::/kubepods/pod1/2\n", "5.15", true)]
    [InlineData("0::/\n", "5.14", false)]
    [InlineData("1:name=systemd:/init.scope\n0::/init.scope\n", "6.1", false)]
    [InlineData("4:memory:/\n0::/\n", "6.1", false)]
    [InlineData("4:memory:/\n", "6.1", false)]
    [InlineData("10:memory:/\n", "6.1", false)]
    [InlineData("", "6.1", false)]
    public void Sockets_show_cgroups_where_version_2_is_the_only_one(string ownCgroups, string kernel, bool show) =>
        Assert.Equal(show, CgroupHierarchies.SocketsShowCgroups(ownCgroups, Version.Parse(kernel)));
}
