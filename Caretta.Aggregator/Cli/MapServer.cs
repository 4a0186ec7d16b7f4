using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Caretta.Aggregator.Map.Http;
using Caretta.Messages.Tls;

namespace Caretta.Aggregator.Cli;

/// <summary>An aggregator that is asked over its API.</summary>
internal sealed class MapServer : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;

    private MapServer(HttpClient client) => _client = client;

    /// <exception cref="CommandFailedException">They do not go together, or a file cannot be read.</exception>
    public static MapServer Open(string address, string? tokenFile, string? user, string? passwordFile, string? caFile)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandFailedException($"'{address}' is no http:// or https:// address.");
        }

        if ((user is null) != (passwordFile is null) || (user is not null && tokenFile is not null))
        {
            throw new CommandFailedException("Give --token-file, or --user with --password-file.");
        }

        var credentials = tokenFile is not null ? new AuthenticationHeaderValue("Bearer", FirstLine(tokenFile))
            : passwordFile is not null ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{FirstLine(passwordFile)}")))
            : null;
        if (credentials is not null && url.Scheme == "http" && !url.IsLoopback)
        {
            throw new CommandFailedException("A token or password would be sent in the clear. Use an https:// address.");
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All };
        if (caFile is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusted(caFile).Policy() };
        }

        return new MapServer(new HttpClient(handler) { BaseAddress = url, Timeout = AnswerWithin, DefaultRequestHeaders = { Authorization = credentials } });
    }

    /// <exception cref="CommandFailedException">It cannot be reached, refuses, or answers something else.</exception>
    public async Task<T> AskAsync<T>(string question, CancellationToken cancel)
    {
        var text = await AskAsync(question, cancel);
        try
        {
            return JsonSerializer.Deserialize<T>(text, MapJson.Options) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException other)
        {
            throw new CommandFailedException($"{_client.BaseAddress} is no aggregator of this version: {other.Message}");
        }
    }

    /// <inheritdoc cref="AskAsync{T}"/>
    public async Task<string> AskAsync(string question, CancellationToken cancel)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(question, UriKind.Relative), cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode ? text : throw new CommandFailedException(Refusal(answer, text));
        }
        catch (HttpRequestException failed)
        {
            throw new CommandFailedException($"{_client.BaseAddress} cannot be reached: {failed.InnerException?.Message ?? failed.Message}. Give --url, and --ca-file if its certificate is your own.");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandFailedException($"{_client.BaseAddress} has not answered in {AnswerWithin.TotalSeconds} s. Try again, or another member.");
        }
    }

    public void Dispose() => _client.Dispose();

    private string Refusal(HttpResponseMessage answer, string text)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return $"{_client.BaseAddress} asks for a token or a password and did not take what it got. Give --token-file, or --user with --password-file.";
        }

        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString() ?? "";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{_client.BaseAddress} answered {(int)answer.StatusCode}. Is it an aggregator's HTTP port?";
        }
    }

    private static string FirstLine(string file) => Read(file).Split('\n')[0].Trim() is { Length: > 0 } line
        ? line
        : throw new CommandFailedException($"'{file}' is empty.");

    private static Authorities Trusted(string file)
    {
        try
        {
            return Authorities.Parse(new FileText(file, Read(file)));
        }
        catch (UnusableFileException unusable)
        {
            throw new CommandFailedException(unusable.Message);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"'{file}' cannot be read: {unreadable.Message}");
        }
    }
}
