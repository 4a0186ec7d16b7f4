using Caretta.Node.Names;
using CsCheck;

namespace Caretta.Tests.Node.Names;

public class PodCgroupSpecs
{
    private const string Uid = "4e43fa23-0bbf-4d1d-9ae0-79a1e3cf0d65";
    private const string Underscored = "4e43fa23_0bbf_4d1d_9ae0_79a1e3cf0d65";
    private const string Hash = "4e43fa230bbf4d1d9ae079a1e3cf0d65";
    private const string Other = "11111111-2222-3333-4444-555555555555";
    private const string Id = "3f2504e04f8911d39a0c0305e82c33013f2504e04f8911d39a0c0305e82c3301";
    private const string OtherId = "aaaa04e04f8911d39a0c0305e82c33013f2504e04f8911d39a0c0305e82c3301";

    private static readonly string[] Pieces =
    [
        "/", "/", ":", "..", "kubepods", "kubepods.slice", "kubelet-", "-burstable", "-pod", "pod", "/pod", Uid, Underscored, Hash, ".slice", ".scope",
        "cri-containerd-", "crio-conmon-", Id, "user.slice", " (deleted)", "", "é", "\0", "\n", "0::", "4:memory:", "-",
    ];

    private static readonly Gen<string> Paths = Gen.Int[0, Pieces.Length - 1].Array[0, 12].Select(pieces => string.Concat(pieces.Select(piece => Pieces[piece])));

    [Theory]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + Underscored + ".slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + Underscored + ".slice/crio-" + Id + ".scope")]
    [InlineData("/kubepods.slice/kubepods-pod" + Underscored + ".slice/docker-" + Id + ".scope")]
    [InlineData("/kubepods/burstable/pod" + Uid + "/" + Id)]
    [InlineData("/kubepods/besteffort/pod" + Uid + "/crio-" + Id)]
    [InlineData("/kubepods/pod" + Uid + "/" + Id)]
    [InlineData("/kubepods/burstable/pod" + Hash + "/" + Id)]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + Hash + ".slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubelet/kubepods/besteffort/pod" + Uid + "/" + Id)]
    [InlineData("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod" + Underscored + ".slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + Underscored + ".slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/docker/" + OtherId + "/kubelet/kubepods/pod" + Uid + "/" + Id)]
    [InlineData("/../../kubepods-burstable-pod" + Underscored + ".slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/../../../kubepods-besteffort.slice/kubepods-besteffort-pod" + Underscored + ".slice/crio-" + Id + ".scope")]
    [InlineData("/../../pod" + Uid + "/" + Id)]
    [InlineData("/../../../burstable/pod" + Uid + "/" + Id)]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-pod" + Underscored + ".slice:cri-containerd:" + Id)]
    [InlineData("/kubepods/burstable/pod" + Uid + "/" + Id + "/init.scope")]
    [InlineData("/kubepods/burstable/pod" + Uid + "/" + Id + "/docker/" + OtherId)]
    [InlineData("/kubepods/burstable/pod" + Uid + "/" + Id + "/kubepods/pod" + Other + "/" + OtherId)]
    [InlineData("/kubepods/pod" + Uid + "/" + Id + " (deleted)")]
    public void A_containers_cgroup_tells_pod_and_container(string path) =>
        Assert.Equal(new PodCgroup(Guid.Parse(Uid), Id), PodCgroup.Of(path));

    [Theory]
    [InlineData("/kubepods/burstable/pod" + Uid)]
    [InlineData("/kubepods/burstable/pod" + Uid + " (deleted)")]
    [InlineData("/kubepods.slice/kubepods-pod" + Underscored + ".slice")]
    [InlineData("/kubepods.slice/kubepods-pod" + Underscored + ".slice/crio-conmon-" + Id + ".scope")]
    [InlineData("/kubepods/pod" + Uid + "/crio-conmon-" + Id)]
    [InlineData("/kubepods/pod" + Uid + "/something")]
    public void What_is_of_the_pod_and_of_no_container_tells_the_pod(string path) =>
        Assert.Equal(new PodCgroup(Guid.Parse(Uid), null), PodCgroup.Of(path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/..")]
    [InlineData("/system.slice/nginx.service")]
    [InlineData("/system.slice/docker-" + Id + ".scope")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice")]
    [InlineData("/kubepods/burstable")]
    [InlineData("/kubepods/burstable/pod123")]
    [InlineData("/kubepods/burstable/podcast")]
    [InlineData("/kubepods/pod00000000-0000-0000-0000-000000000000/" + Id)]
    [InlineData("/kubepods/pod{4e43fa23-0bbf-4d1d-9ae0-79a1e3cf0d65}/" + Id)]
    [InlineData("/kubepods/pod 4e43fa23-0bbf-4d1d-9ae0-79a1e3cf0d65/" + Id)]
    [InlineData("/kubepods.slice/kubepods-burstable-pod" + Underscored + "/" + Id)]
    [InlineData("/machine.slice/notkubepods-pod" + Underscored + ".slice/" + Id)]
    [InlineData("/machine.slice/pod" + Uid + "/" + Id)]
    [InlineData("/machine.slice/libpod-" + Id + ".scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/kubepods-pod" + Underscored + ".slice")]
    [InlineData("/../../user.slice/user-1000.slice/user@1000.service/kubepods/pod" + Uid)]
    public void What_is_of_no_pod_tells_none(string path) => Assert.Null(PodCgroup.Of(path));

    [Theory]
    [InlineData("12:cpu,cpuacct:/system.slice\n4:memory:/kubepods/pod" + Uid + "/" + Id + "\n0::/\n", true)]
    [InlineData("1:name=systemd:/kubepods/pod" + Uid + "/" + Id + "\n0::/kubepods/pod" + Other + "/" + OtherId + "\n", true)]
    [InlineData("1:name=odd:/a:b\n0::/kubepods/pod" + Uid + "/" + Id + "\n", true)]
    [InlineData("0::/kubepods/pod" + Uid + "/" + Id + "\n", true)]
    [InlineData("4:memory:/system.slice\n0::/\n", false)]
    [InlineData("no lines of ours", false)]
    [InlineData("", false)]
    public void A_process_is_in_the_pod_that_the_first_of_its_hierarchies_tells(string cgroups, bool found) =>
        Assert.Equal(found ? new PodCgroup(Guid.Parse(Uid), Id) : null, PodCgroup.OfProcess(cgroups));

    [Fact]
    public void Of_version_2_alone_nothing_is_told_by_version_1()
    {
        const string pod = "/kubepods/pod" + Uid + "/" + Id;

        Assert.Null(PodCgroup.OfProcessInUnified($"4:memory:{pod}\n0::/system.slice/containerd.service\n"));
        Assert.Null(PodCgroup.OfProcessInUnified($"4:memory:{pod}\n"));
        Assert.Equal(Guid.Parse(Uid), PodCgroup.OfProcessInUnified($"4:memory:/\n0::{pod}\n")!.Value.Pod);
    }

    [Fact]
    public void No_path_is_too_odd_to_be_read() => Paths.Sample(path =>
    {
        foreach (var read in new[] { PodCgroup.Of(path), PodCgroup.OfProcess(path), PodCgroup.OfProcessInUnified(path) })
        {
            Assert.True(read is null || (read.Value.Pod == Guid.Parse(Uid) && read.Value.Container is null or Id));
        }
    });

    [Fact]
    public void No_text_at_all_is_too_odd_to_be_read() => Gen.String.Sample(text =>
    {
        Assert.Null(PodCgroup.Of(text));
        Assert.Null(PodCgroup.OfProcess(text));
    });
}
