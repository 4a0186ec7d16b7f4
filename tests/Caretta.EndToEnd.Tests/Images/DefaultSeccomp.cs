using System.Text.Json.Nodes;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>
/// RuntimeDefault: the profile that Debian packages (that of CRI-O and Podman), for one set of capabilities. It lets nobody but CAP_SYS_ADMIN
/// call bpf; containerd since 1.6.9 and Docker since 23 let CAP_BPF as well.
/// </summary>
internal static class DefaultSeccomp
{
    public const string File = "/usr/share/containers/seccomp.json";

    private static readonly Dictionary<string, string> ByCapability = new() { ["CAP_BPF"] = "bpf", ["CAP_PERFMON"] = "perf_event_open" };

    /// <param name="capabilities">CAP_BPF, ...</param>
    /// <param name="modern">As containerd 1.7.</param>
    /// <returns>As an OCI bundle has it.</returns>
    public static JsonObject For(IReadOnlyCollection<string> capabilities, bool modern = true)
    {
        var profile = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        var granted = modern ? capabilities.Where(ByCapability.ContainsKey).Select(one => ByCapability[one]).ToList() : [];
        var rules = profile["syscalls"]!.AsArray().Where(rule => Applies(rule!, capabilities)).Select(rule => Rule(rule!, granted)).Where(rule => rule["names"]!.AsArray().Count > 0);
        return new JsonObject
        {
            ["defaultAction"] = profile["defaultAction"]!.DeepClone(),
            ["defaultErrnoRet"] = profile["defaultErrnoRet"]!.DeepClone(),
            ["architectures"] = new JsonArray(OperatingSystemArchitecture),
            ["syscalls"] = new JsonArray([.. rules, .. granted.Select(call => Allowed(call))]),
        };
    }

    private static string OperatingSystemArchitecture =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";

    private static string GoArchitecture => OperatingSystemArchitecture == "SCMP_ARCH_AARCH64" ? "arm64" : "amd64";

    private static JsonObject Allowed(string call) => new() { ["names"] = new JsonArray(call), ["action"] = "SCMP_ACT_ALLOW" };

    private static bool Applies(JsonNode rule, IReadOnlyCollection<string> capabilities) =>
        (Strings(rule["includes"]?["caps"]) is not { Count: > 0 } needed || needed.TrueForAll(capabilities.Contains))
        && (Strings(rule["includes"]?["arches"]) is not { Count: > 0 } arches || arches.Contains(GoArchitecture))
        && !Strings(rule["excludes"]?["caps"]).Exists(capabilities.Contains);

    private static JsonObject Rule(JsonNode rule, List<string> granted)
    {
        var one = new JsonObject
        {
            ["names"] = new JsonArray([.. Strings(rule["names"]).Except(granted).Select(name => (JsonNode)name)]),
            ["action"] = rule["action"]!.DeepClone(),
        };
        if (rule["errnoRet"] is { } errno)
        {
            one["errnoRet"] = errno.DeepClone();
        }

        if (rule["args"] is JsonArray { Count: > 0 } args)
        {
            one["args"] = args.DeepClone();
        }

        return one;
    }

    private static List<string> Strings(JsonNode? array) => array is JsonArray { } list ? [.. list.Select(one => one!.GetValue<string>())] : [];
}
