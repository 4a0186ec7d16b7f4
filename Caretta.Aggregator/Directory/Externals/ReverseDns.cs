using System.Net;
using Caretta.Messages;
using DnsClient;
using DnsClient.Protocol;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>Asks DNS for the name of an address. Every answer is a stranger's: it may be late, wrong, hostile, or no DNS at all.</summary>
internal sealed class ReverseDns
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly LookupClient _client;

    /// <param name="servers">Empty: the system's.</param>
    /// <param name="timeout">Of one try; there are two for each server.</param>
    /// <exception cref="StartRefusedException">The system has none.</exception>
    public ReverseDns(IReadOnlyList<IPEndPoint> servers, TimeSpan timeout) => _client = new LookupClient(
        new LookupClientOptions([.. servers.Count > 0 ? servers.Select(server => new NameServer(server)) : SystemServers()])
        {
            Timeout = timeout,
            Retries = 1,
            UseCache = false, // ours is bounded
            ThrowDnsErrors = false,
        });

    public async Task<ReverseAnswer> AskAsync(Address address, CancellationToken cancel)
    {
        try
        {
            return Read(await _client.QueryReverseAsync(address.ToIPAddress(), cancel));
        }
        catch (DnsResponseException failed) when (failed.Code == DnsResponseCode.ConnectionTimeout)
        {
            return new ReverseAnswer(LookupOutcome.TimedOut);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // By no type: what reading a stranger's bytes may end in is not for us to list, and none of it may end the asking.
            return new ReverseAnswer(LookupOutcome.Failed);
        }
    }

    private static ReverseAnswer Read(IDnsQueryResponse response)
    {
        if (response.HasError && response.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain)
        {
            return new ReverseAnswer(LookupOutcome.Failed);
        }

        var records = response.HasError ? [] : response.Answers.OfType<PtrRecord>().ToList();
        if (records.Count == 0)
        {
            return new ReverseAnswer(LookupOutcome.Nameless);
        }

        // The order of several is the server's whim, so the first in ours.
        var name = records.Select(record => HostName.Clean(record.PtrDomainName.Value)).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault();
        return name is null
            ? new ReverseAnswer(LookupOutcome.Unusable)
            : new ReverseAnswer(LookupOutcome.Named, name, TimeSpan.FromSeconds(records.Min(record => record.TimeToLive)));
    }

    private static IEnumerable<NameServer> SystemServers()
    {
        var servers = NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false);
        return servers.Count > 0 ? servers : throw new StartRefusedException(
            $"{AggregatorOptions.Section}:{nameof(AggregatorOptions.ReverseDns)} is on, but the system names no DNS server. "
            + $"Set {AggregatorOptions.Section}:{nameof(AggregatorOptions.DnsServers)}.");
    }
}
