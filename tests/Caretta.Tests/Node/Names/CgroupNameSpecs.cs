using Caretta.Node.Names;

namespace Caretta.Tests.Node.Names;

public class CgroupNameSpecs
{
    private const string Id = "3f2504e04f8911d39a0c0305e82c33013f2504e04f8911d39a0c0305e82c3301";

    [Theory]
    [InlineData("/system.slice/nginx.service", "unit", "nginx.service")]
    [InlineData("/system.slice/system-postgresql.slice/postgresql@15-main.service", "unit", "postgresql@15-main.service")]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-pod1.slice:cri-containerd:x", "unit", "containerd.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/syncthing.service", "unit", "syncthing.service")]
    [InlineData("/system.slice/docker-" + Id + ".scope", "container", "3f2504e04f89")]
    [InlineData("/docker/" + Id, "container", "3f2504e04f89")]
    [InlineData("/docker/" + Id + "/system.slice/inner.service", "unit", "inner.service")]
    [InlineData("/machine.slice/libpod-" + Id + ".scope/container", "container", "3f2504e04f89")]
    [InlineData("/kubepods.slice/kubepods-pod9.slice/cri-containerd-" + Id + ".scope", "container", "3f2504e04f89")]
    [InlineData("/kubepods.slice/kubepods-pod9.slice/crio-" + Id + ".scope", "container", "3f2504e04f89")]
    [InlineData("/lxc.payload.web/system.slice", "container", "web")]
    [InlineData("/machine.slice/machine-build.scope", "container", "build")]
    public void The_innermost_that_has_a_name_names_it(string path, string kind, string name) =>
        Assert.Equal((kind, name), CgroupName.Of(path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/init.scope")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice")]
    [InlineData("/system.slice/docker-3f2504e0.scope")]
    public void Sessions_slices_and_the_root_name_nothing(string path) => Assert.Null(CgroupName.Of(path));
}
