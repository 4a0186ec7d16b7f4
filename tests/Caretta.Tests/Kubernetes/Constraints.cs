using k8s;
using k8s.Models;

namespace Caretta.Tests.Kubernetes;

/// <summary>OpenShift's SecurityContextConstraints, as far as ours go.</summary>
public sealed class Constraints : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public bool AllowHostDirVolumePlugin { get; set; }

    public bool AllowHostIPC { get; set; }

    public bool AllowHostNetwork { get; set; }

    public bool AllowHostPID { get; set; }

    public bool AllowHostPorts { get; set; }

    public bool AllowPrivilegeEscalation { get; set; }

    public bool AllowPrivilegedContainer { get; set; }

    public IList<string> AllowedCapabilities { get; set; } = [];

    public IList<string>? DefaultAddCapabilities { get; set; }

    public IDictionary<string, string>? FsGroup { get; set; }

    public int? Priority { get; set; }

    public bool ReadOnlyRootFilesystem { get; set; }

    public IList<string>? RequiredDropCapabilities { get; set; }

    public IDictionary<string, string>? RunAsUser { get; set; }

    public IDictionary<string, string>? SeLinuxContext { get; set; }

    public IList<string>? SeccompProfiles { get; set; }

    public IDictionary<string, string>? SupplementalGroups { get; set; }

    public IList<string> Users { get; set; } = [];

    public IList<string> Volumes { get; set; } = [];
}
