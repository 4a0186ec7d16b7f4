using System.Text;

namespace Caretta.Node.Kernel;

/// <summary>What <c>caretta-node doctor</c> prints: what this host supports, which path would be taken, what is missing and what to do.</summary>
public static class KernelReport
{
    /// <param name="socketsShowCgroups">As <see cref="CgroupHierarchies.SocketsShowCgroups()"/> says.</param>
    public static string Of(KernelFacts facts, string pinFolder, ProbeChoice choice, bool socketsShowCgroups)
    {
        var text = new StringBuilder().AppendLine($"Linux {facts.Kernel}");
        Append(text, "Needed in any case", KernelSupport.Common(facts, pinFolder));
        foreach (var path in Enum.GetValues<ProbePath>())
        {
            Append(text, $"For the path {path}", KernelSupport.Of(path, facts));
        }

        text.AppendLine().AppendLine(socketsShowCgroups
            ? "cgroups: version 2 only; a socket shows what it belongs to."
            : "cgroups: sockets do not show theirs (version 1 beside version 2, or an older kernel); flows are told apart by process instead.");
        var way = KernelSupport.PathFor(facts, choice);
        return text.Append(KernelSupport.Missing(facts, pinFolder, choice) is var (cause, remedy)
            ? $"The agent cannot run here. {cause} {remedy}"
            : $"The agent would take the path {way} ({(choice == ProbeChoice.Auto ? "chosen by what the kernel offers" : "by the setting")}).").ToString();
    }

    private static void Append(StringBuilder text, string title, IEnumerable<Requirement> requirements)
    {
        text.AppendLine().AppendLine($"{title}:");
        foreach (var one in requirements)
        {
            text.AppendLine(one.Met ? $"  yes  {one.What}" : $"  no   {one.What}: {one.Cause} {one.Remedy}");
        }
    }
}
