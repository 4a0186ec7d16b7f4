using System.ComponentModel.DataAnnotations;

namespace Caretta.Node.Names;

/// <summary>
/// What becomes a link. Each list is separated by commas; an empty one sets no condition. What is excluded is left out even if it is included
/// too.
/// </summary>
public class FilterOptions : IValidatableObject
{
    /// <summary>Links of which at least one end is in one of these namespaces. <c>*</c> stands for any characters.</summary>
    public string IncludeNamespaces { get; set; } = "";

    /// <summary>No link with an end in one of these.</summary>
    public string ExcludeNamespaces { get; set; } = "";

    /// <summary>Links of which at least one end is a workload of one of these names. <c>*</c> stands for any characters.</summary>
    public string IncludeWorkloads { get; set; } = "";

    /// <summary>No link with an end of one of these names.</summary>
    public string ExcludeWorkloads { get; set; } = "";

    /// <summary>Links to or from remote addresses in these networks: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, or a single address.</summary>
    public string IncludeCidrs { get; set; } = "";

    public string ExcludeCidrs { get; set; } = "";

    /// <summary>Links of these server ports: <c>443</c>, or a range, <c>8000-8100</c>.</summary>
    public string IncludePorts { get; set; } = "";

    public string ExcludePorts { get; set; } = "";

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Faults(nameof(IncludeNamespaces), IncludeNamespaces, NamePatterns.FaultOf),
        .. Faults(nameof(ExcludeNamespaces), ExcludeNamespaces, NamePatterns.FaultOf),
        .. Faults(nameof(IncludeWorkloads), IncludeWorkloads, NamePatterns.FaultOf),
        .. Faults(nameof(ExcludeWorkloads), ExcludeWorkloads, NamePatterns.FaultOf),
        .. Faults(nameof(IncludeCidrs), IncludeCidrs, Networks.FaultOf),
        .. Faults(nameof(ExcludeCidrs), ExcludeCidrs, Networks.FaultOf),
        .. Faults(nameof(IncludePorts), IncludePorts, PortRanges.FaultOf),
        .. Faults(nameof(ExcludePorts), ExcludePorts, PortRanges.FaultOf),
    ];

    internal static IReadOnlyList<string> Entries(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<ValidationResult> Faults(string setting, string list, Func<string, string?> faultOf) =>
        from entry in Entries(list)
        let fault = faultOf(entry)
        where fault is not null
        select new ValidationResult($"'{entry}' {fault}", [setting]);
}
