using System.Text.RegularExpressions;

namespace Caretta.Node.Names;

/// <summary>What a cgroup's path says about what runs in it: a container, a systemd unit, or nothing that has a name of its own.</summary>
public static partial class CgroupName
{
    private const int ShortId = 12;

    /// <param name="path">From the root of the hierarchy, as <c>/system.slice/nginx.service</c>.</param>
    /// <returns>Kind and name of the innermost that has one; null for sessions, slices and the root.</returns>
    public static (string Kind, string Name)? Of(string path)
    {
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (ContainerId().Match(segment) is { Success: true } container)
            {
                return ("container", container.Groups["id"].Value[..ShortId]);
            }

            if (NamedContainer().Match(segment) is { Success: true } named)
            {
                return ("container", named.Groups["name"].Value);
            }

            // user@1000.service is a user's whole session: what runs in it is told apart by process.
            if (segment.EndsWith(".service", StringComparison.Ordinal) && !segment.StartsWith("user@", StringComparison.Ordinal))
            {
                return ("unit", segment);
            }
        }

        return null;
    }

    /// <summary>
    /// <c>docker-ID.scope</c>, <c>cri-containerd-ID.scope</c>, <c>crio-ID.scope</c>, <c>libpod-ID.scope</c> of the systemd driver; the bare id
    /// of cgroupfs.
    /// </summary>
    [GeneratedRegex(@"^(?:[a-z]+(?:-[a-z]+)*-)?(?<id>[0-9a-f]{64})(?:\.scope)?$")]
    private static partial Regex ContainerId();

    /// <summary>LXC and systemd-nspawn, which give containers names.</summary>
    [GeneratedRegex(@"^(?:lxc\.payload\.|machine-)(?<name>.+?)(?:\.scope)?$")]
    private static partial Regex NamedContainer();
}
