using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Caretta.Aggregator.Directory.Watches.Manifests;
using k8s;
using k8s.Authentication;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>
/// Asks the API server. Address, certificates and credentials are the Kubernetes client's affair; requests and responses are ours, see
/// docs/decisions/0006.
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private readonly Kubernetes _client;
    private readonly ServiceClientCredentials? _credentials;
    private readonly ProductInfoHeaderValue _userAgent;
    private readonly TimeProvider _time;
    private SocketsHttpHandler? _handler;

    /// <param name="version">Of this program, for the user agent.</param>
    public ApiConnection(KubernetesClientConfiguration configuration, string version, TimeProvider time)
    {
        configuration.FirstMessageHandlerSetup = SetUp;
        _client = new Kubernetes(configuration);
        _credentials = Kubernetes.CreateCredentials(configuration);
        _userAgent = new ProductInfoHeaderValue("caretta-aggregator", version);
        _time = time;
        Clock = new ServerClock(time);
    }

    public ServerClock Clock { get; }

    /// <summary>Once the headers of a good response are there.</summary>
    /// <param name="path">Relative to the server's address.</param>
    /// <exception cref="WatchFailedException">The server refuses, or cannot be reached.</exception>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public Task<HttpResponseMessage> PostAsync(string path, HttpContent body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, cancellation);

    public void Dispose()
    {
        _client.Dispose();
        _handler?.Dispose(); // the client leaves it, and with it its connections, open
    }

    private static string Said(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ManifestContext.Default.ApiStatus)?.Message ?? "";
        }
        catch (JsonException)
        {
            return "not an answer of an API server";
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path)) { Version = HttpVersion.Version20, Content = body };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(_userAgent);
        await AuthenticateAsync(request, cancellation);
        try
        {
            var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.Headers.Date is { } date)
            {
                Clock.Observe(date);
            }

            return response.IsSuccessStatusCode ? response : throw await RefusalAsync(response, cancellation);
        }
        catch (HttpRequestException unreachable)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, unreachable.Message, unreachable);
        }
    }

    private void SetUp(SocketsHttpHandler handler)
    {
        _handler = handler;
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        handler.ConnectTimeout = ConnectWithin;

        // All watches share one connection of HTTP/2: a server that vanished is noticed by its silence there.
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = PingAfter;
        handler.KeepAlivePingTimeout = PingWithin;
    }

    /// <summary>Tokens are read from files or got from programs that a kubeconfig names: what goes wrong there may be well the next time.</summary>
    private async Task AuthenticateAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (_credentials is null)
        {
            return;
        }

        try
        {
            await _credentials.ProcessHttpRequestAsync(request, cancellation);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new WatchFailedException(WatchFailure.Interrupted, $"No credentials for the API server: {failed.Message}", failed);
        }
    }

    private async Task<WatchFailedException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            var failure = response.StatusCode switch
            {
                HttpStatusCode.Gone => WatchFailure.Expired,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => WatchFailure.Forbidden,
                _ => WatchFailure.Interrupted,
            };
            var message = $"HTTP {(int)response.StatusCode}: {Said(await response.Content.ReadAsByteArrayAsync(cancellation))}";
            return new WatchFailedException(failure, message) { RetryAfter = RetryAfter(response.Headers.RetryAfter) };
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var after = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return after is null ? null
            : after < TimeSpan.Zero ? TimeSpan.Zero
            : after > LongestRetryAfter ? LongestRetryAfter
            : after;
    }
}
