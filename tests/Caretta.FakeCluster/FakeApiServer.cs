using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Caretta.FakeCluster;

/// <summary>An API server for lists and watches over all namespaces, on a port of its own that it keeps while it is stopped.</summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<OpenWatch, bool> _watches = [];
    private readonly IObjectSource _source;
    private readonly Socket _reservation;
    private readonly X509Certificate2? _certificate;
    private WebApplication? _app;
    private volatile TaskCompletionSource _speaks = new();

    private FakeApiServer(IObjectSource source, Socket reservation, X509Certificate2? certificate)
    {
        _source = source;
        _reservation = reservation;
        _certificate = certificate;
        _speaks.SetResult();
    }

    public Uri Address => new($"{(_certificate is null ? "http" : "https")}://{EndPoint}");

    public Faults Faults { get; } = new();

    public LeaseStore Leases { get; } = new();

    /// <summary>Secrets, ConfigMaps and StatefulSets.</summary>
    public NamedObjects Objects { get; } = new();

    public RequestLog Requests { get; } = new();

    public TokenBook Tokens { get; } = new();

    /// <summary>Watches stay open and say nothing, not even their end: as with a server, or a way to it, that died without a word.</summary>
    public bool Mute
    {
        get => !_speaks.Task.IsCompleted;
        set
        {
            if (value && _speaks.Task.IsCompleted)
            {
                _speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else if (!value)
            {
                _speaks.TrySetResult();
            }
        }
    }

    /// <summary>Those being served. Null: of all kinds.</summary>
    public int OpenWatches(ApiKind? kind = null) => Of(kind).Count;

    /// <summary>As many watches of the kind are open at once; whatever is sent reaches them.</summary>
    public Task WatchesOpen(ApiKind kind, int count = 1) => Requests.Until(() => OpenWatches(kind) >= count);

    /// <param name="certificate">With its key, for TLS and HTTP/2; null: neither.</param>
    /// <param name="address">Of this machine; loopback by default.</param>
    public static async Task<FakeApiServer> StartAsync(IObjectSource source, X509Certificate2? certificate = null, IPAddress? address = null)
    {
        // Bound and never listening: nobody else gets the port while the server is stopped, and whoever dials it is refused.
        var reservation = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reservation.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        reservation.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        var server = new FakeApiServer(source, reservation, certificate);
        await server.StartAsync();
        return server;
    }

    /// <summary>On the same port as before.</summary>
    public async Task StartAsync()
    {
        // Else it watches all below the folder the specs run in, and needs an inotify instance, of which others may have the last.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(EndPoint, Secure);
        });
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = Listener);
        _app = builder.Build();
        _app.Run(new ApiEndpoint(_source, this).ServeAsync);
        await _app.StartAsync();
    }

    /// <summary>Open connections break, new ones are refused.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
        {
            return;
        }

        CutWatches();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    /// <summary>A raw line to every open watch of the kind.</summary>
    public void SendLine(ApiKind kind, string line) => Of(kind).ForEach(watch => watch.Feed.Send(Encoding.UTF8.GetBytes(line)));

    /// <summary>To every open watch of the kind.</summary>
    public void SendBookmark(ApiKind kind) => Of(kind).ForEach(watch => _source.SendBookmark(kind, watch.Feed));

    /// <summary>As at their time-out. Null: of all kinds.</summary>
    public void EndWatches(ApiKind? kind = null) => Of(kind).ForEach(watch => watch.Ended.Cancel());

    /// <summary>Without an end. Null: of all kinds.</summary>
    public void CutWatches(ApiKind? kind = null) => Of(kind).ForEach(watch => watch.Cut.Cancel());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _reservation.Dispose();
    }

    private IPEndPoint EndPoint => (IPEndPoint)_reservation.LocalEndPoint!;

    internal Task WhileMute(CancellationToken cancellation) => _speaks.Task.WaitAsync(cancellation);

    internal void Open(OpenWatch watch)
    {
        _watches[watch] = true;
        Requests.Notice();
    }

    internal void Close(OpenWatch watch) => _watches.TryRemove(watch, out _);

    private void Secure(ListenOptions listener)
    {
        if (_certificate is not null)
        {
            listener.UseHttps(_certificate);
        }
    }

    private static Socket Listener(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(endPoint);
        return socket;
    }

    private List<OpenWatch> Of(ApiKind? kind) => [.. _watches.Keys.Where(watch => kind is null || watch.Kind == kind)];
}
