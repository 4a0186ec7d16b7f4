namespace Caretta.Node.Names;

/// <summary>What the path of a cgroup says about the pod it is of.</summary>
/// <param name="Container">The runtime's id of the container, 64 hexadecimal digits; null for what is of the pod and of no container.</param>
public readonly record struct PodCgroup(Guid Pod, string? Container)
{
    private const int ContainerIdLength = 64;
    private const string Slice = ".slice";
    private const string Scope = ".scope";
    private const string Deleted = " (deleted)";

    private static readonly string[] Qualities = ["-burstable", "-besteffort"];

    /// <summary>
    /// Knows the kubelet's two drivers, below any cgroup root it may be given, and paths as another cgroup namespace sees them (<c>/../..</c>).
    /// Cgroups within a container are the container's: of several pods the outermost counts. What a user's own session holds is no pod,
    /// whatever it is called: there anybody may make cgroups.
    /// </summary>
    /// <returns>Null for what is of no pod.</returns>
    public static PodCgroup? Of(string path)
    {
        var segments = Undeleted(path).Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length && segments[i] != "user.slice"; i++)
        {
            // SLICE:RUNTIME:ID is one cgroup, where the kubelet speaks systemd's language and the runtime does not.
            var parts = segments[i].Split(':');
            if (UidOf(parts[0], i == 0 ? "" : segments[i - 1]) is { } pod)
            {
                var inner = parts.Length > 1 ? parts[^1] : i + 1 < segments.Length ? segments[i + 1] : "";
                return new PodCgroup(pod, ContainerIdOf(inner));
            }
        }

        return null;
    }

    /// <param name="cgroups">What /proc/PID/cgroup says: <c>NUMBER:CONTROLLERS:PATH</c> for each hierarchy, 0 being that of version 2.</param>
    /// <returns>By the first hierarchy in which the process is in a pod; null if there is none.</returns>
    public static PodCgroup? OfProcess(string cgroups) =>
        cgroups.Split('\n').Select(line => line.Split(':', 3)).Where(line => line.Length == 3).Select(line => Of(line[2])).FirstOrDefault(pod => pod is not null);

    /// <summary>By version 2 alone.</summary>
    /// <inheritdoc cref="OfProcess"/>
    public static PodCgroup? OfProcessInUnified(string cgroups) =>
        cgroups.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal)) is { } line ? Of(line[3..]) : null;

    /// <summary>What the kernel appends for a process that outlives its cgroup.</summary>
    private static string Undeleted(string path) => path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path;

    private static Guid? UidOf(string segment, string parent)
    {
        if (segment.EndsWith(Slice, StringComparison.Ordinal))
        {
            var name = segment[..^Slice.Length];
            var mark = name.LastIndexOf("-pod", StringComparison.Ordinal);
            // systemd takes a dash for a level of its own, so the uid has underscores.
            return mark > 0 && IsKubepods(name[..mark]) ? Uid(name[(mark + 4)..].Replace('_', '-')) : null;
        }

        return segment.StartsWith("pod", StringComparison.Ordinal) && parent is "kubepods" or "burstable" or "besteffort" or ".."
            ? Uid(segment[3..])
            : null;
    }

    /// <summary><c>kubepods</c>, perhaps below a cgroup root and of a quality of service.</summary>
    private static bool IsKubepods(string slice)
    {
        var quality = Qualities.FirstOrDefault(quality => slice.EndsWith(quality, StringComparison.Ordinal)) ?? "";
        var root = slice[..^quality.Length];
        return root == "kubepods" || root.EndsWith("-kubepods", StringComparison.Ordinal);
    }

    /// <summary>With dashes, or without: a static pod's uid is a hash of its manifest.</summary>
    private static Guid? Uid(string text) =>
        text.All(c => char.IsAsciiHexDigit(c) || c == '-')
        && (Guid.TryParseExact(text, "D", out var uid) || Guid.TryParseExact(text, "N", out uid))
        && uid != Guid.Empty
            ? uid
            : null;

    /// <summary><c>RUNTIME-ID.scope</c>, or the bare id. CRI-O's monitor has a scope with the id of the container it is not in.</summary>
    private static string? ContainerIdOf(string segment)
    {
        var name = segment.EndsWith(Scope, StringComparison.Ordinal) ? segment[..^Scope.Length] : segment;
        if (name.Length < ContainerIdLength)
        {
            return null;
        }

        var (runtime, id) = (name[..^ContainerIdLength], name[^ContainerIdLength..]);
        return id.All(char.IsAsciiHexDigitLower) && (runtime.Length == 0 || (runtime.EndsWith('-') && runtime != "crio-conmon-")) ? id : null;
    }
}
