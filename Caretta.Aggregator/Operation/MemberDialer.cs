using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Security;
using Caretta.Messages.Tls;
using Caretta.Messages.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace Caretta.Aggregator.Operation;

/// <summary>Commands members, each of the addresses behind their names, as who holds a member's certificate.</summary>
internal sealed class MemberDialer(IReadOnlyList<Uri> aggregators, Identity identity, Authorities authorities)
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <param name="options">The aggregator's own settings: certificate, key, authorities.</param>
    /// <exception cref="CommandFailedException">A file is missing or cannot be used.</exception>
    public static MemberDialer Open(IReadOnlyList<Uri> aggregators, AggregatorOptions options, TimeProvider time)
    {
        const string Remedy = "Give --certificate-file, --key-file and --ca-file as aggregators have them.";
        if (new[] { options.CertificateFile, options.KeyFile, options.CaFile }.Contains(""))
        {
            throw new CommandFailedException($"Aggregators obey only who shows a member's certificate. {Remedy}");
        }

        try
        {
            var identity = new Reloaded<Identity>(
                ReloadedFile.Certificate, [options.CertificateFile, options.KeyFile], files => Identity.Parse(files[0], files[1], time.GetUtcNow()));
            var authorities = new Reloaded<Authorities>(ReloadedFile.Authorities, [options.CaFile], files => Authorities.Parse(files[0]));
            return new MemberDialer(aggregators, identity.Current, authorities.Current);
        }
        catch (UnusableFileException unusable)
        {
            throw new CommandFailedException($"{unusable.Message} {Remedy}");
        }
    }

    /// <summary>
    /// Those the names stand for just now, each by one address: of IPv4 where it has any, since who listens on 0.0.0.0 is not reached by its others. A name
    /// without an address is a member that does not answer.
    /// </summary>
    public async Task<IReadOnlyList<(Uri Endpoint, IPAddress Address)>> FindAsync(UnloadProgress progress, CancellationToken cancel)
    {
        var members = new List<(Uri, IPAddress)>();
        foreach (var aggregator in aggregators)
        {
            try
            {
                var addresses = await Dns.GetHostAddressesAsync(aggregator.IdnHost, cancel);
                var family = addresses.Min(address => address.AddressFamily);
                members.AddRange(addresses.Where(address => address.AddressFamily == family).Select(address => (aggregator, address)));
            }
            catch (SocketException unknown)
            {
                progress.Silent(aggregator.Authority, unknown.Message);
            }
        }

        return members;
    }

    /// <summary>Has it ask its agents; tells how it went.</summary>
    public async Task UnloadAsync((Uri Endpoint, IPAddress Address) member, TimeSpan within, UnloadProgress progress, CancellationToken cancel)
    {
        using var channel = GrpcChannel.ForAddress(member.Endpoint, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = Handler(member) });
        var request = new UnloadAgentsRequest { WithinMs = (uint)within.TotalMilliseconds };
        try
        {
            var reply = await new Operator.OperatorClient(channel)
                .UnloadAgentsAsync(request, deadline: DateTime.UtcNow + within + Grace, cancellationToken: cancel);
            lock (progress)
            {
                progress.Answered(reply);
            }
        }
        catch (RpcException failed) when (!cancel.IsCancellationRequested)
        {
            lock (progress)
            {
                progress.Silent($"{member.Endpoint.Authority} ({member.Address})", failed.Status.Detail is { Length: > 0 } detail ? detail : $"{failed.StatusCode}");
            }
        }
    }

    private SocketsHttpHandler Handler((Uri Endpoint, IPAddress Address) member) => new()
    {
        UseProxy = false,
        ConnectTimeout = ConnectWithin,
        ConnectCallback = (_, cancel) => ConnectAsync(new IPEndPoint(member.Address, member.Endpoint.Port), cancel),
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = authorities.Policy(),
            ClientCertificateContext = identity.Context,
        },
    };

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint socket, CancellationToken cancel)
    {
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connection.ConnectAsync(socket, cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
