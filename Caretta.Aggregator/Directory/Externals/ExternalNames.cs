using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// What an address is called that nobody in the cluster claims: the operator's group, or one name for all, or what DNS says, or the
/// address itself. Called from any thread, and never waits.
/// </summary>
internal sealed class ExternalNames : IAsyncDisposable
{
    /// <summary>The name of all together. The tilde tells that it stands for many; no other external's name begins with one.</summary>
    public const string Together = "~external";

    private const string External = "external";

    private readonly ExternalGroups _groups;
    private readonly bool _together;
    private readonly ReverseNames? _reverse;

    /// <param name="reverse">Null: DNS is not asked. Given who must hear of new names, and which names DNS must not give.</param>
    public ExternalNames(ExternalGroups groups, bool together, Func<Func<string, bool>, Action<Address>, ReverseNames>? reverse)
    {
        (_groups, _together) = (groups, together);
        _reverse = together ? null : reverse?.Invoke(groups.HasName, address => Changed?.Invoke(address));
    }

    /// <summary>
    /// The address has its first answer, also if that is that it has no name, or another name than before. Raised from any thread; a
    /// handler must return at once and not throw.
    /// </summary>
    public event Action<Address>? Changed;

    /// <exception cref="StartRefusedException">DNS is to be asked, and there is no server.</exception>
    public static ExternalNames Create(AggregatorOptions options, ExternalMetrics metrics, TimeProvider time)
    {
        var dns = options.ReverseDns ? new ReverseDns(DnsServerList.Parse(options.DnsServers), ReverseDns.Timeout) : null;
        return new ExternalNames(
            ExternalGroups.Parse(options.ExternalGroups),
            options.GroupExternals,
            dns is null ? null : (isTaken, changed) => new ReverseNames(dns, isTaken, changed, metrics, time));
    }

    /// <summary>Names are stable: another one for the same address comes only after the time to live DNS gave, or after a restart.</summary>
    public ExternalName NameOf(Address address)
    {
        if (_groups.Find(address.ToIPAddress()) is { } group)
        {
            return Named(group);
        }

        if (_together)
        {
            return Named(Together);
        }

        var (name, isPending) = _reverse?.Find(address) ?? default;
        return Named(name ?? address.ToString(), isPending);
    }

    public ValueTask DisposeAsync() => _reverse?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static ExternalName Named(string name, bool isPending = false) => new(new Workload(External, External, name), isPending);
}
