using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>Decides by the operator's lists what becomes a link. Of several reasons against it the first is told.</summary>
/// <param name="options">Validated.</param>
public sealed class LinkFilter(FilterOptions options) : ILinkFilter
{
    private readonly NamePatterns _includeNamespaces = new(FilterOptions.Entries(options.IncludeNamespaces));
    private readonly NamePatterns _excludeNamespaces = new(FilterOptions.Entries(options.ExcludeNamespaces));
    private readonly NamePatterns _includeWorkloads = new(FilterOptions.Entries(options.IncludeWorkloads));
    private readonly NamePatterns _excludeWorkloads = new(FilterOptions.Entries(options.ExcludeWorkloads));
    private readonly Networks _includeCidrs = new(FilterOptions.Entries(options.IncludeCidrs));
    private readonly Networks _excludeCidrs = new(FilterOptions.Entries(options.ExcludeCidrs));
    private readonly PortRanges _includePorts = new(FilterOptions.Entries(options.IncludePorts));
    private readonly PortRanges _excludePorts = new(FilterOptions.Entries(options.ExcludePorts));

    public LeftOutReason? LeftOut(Address remote, ushort serverPort) =>
        _excludeCidrs.Contain(remote) || !(_includeCidrs.IsEmpty || _includeCidrs.Contain(remote)) ? LeftOutReason.Network
        : _excludePorts.Contain(serverPort) || !(_includePorts.IsEmpty || _includePorts.Contain(serverPort)) ? LeftOutReason.Port
        : null;

    public LeftOutReason? LeftOut(NetworkLink link) =>
        Stopped(_includeNamespaces, _excludeNamespaces, link.Client.Namespace, link.Server.Namespace) ? LeftOutReason.Namespace
        : Stopped(_includeWorkloads, _excludeWorkloads, link.Client.Name, link.Server.Name) ? LeftOutReason.Workload
        : null;

    private static bool Stopped(NamePatterns include, NamePatterns exclude, string client, string server) =>
        exclude.Match(client) || exclude.Match(server) || !(include.IsEmpty || include.Match(client) || include.Match(server));
}
