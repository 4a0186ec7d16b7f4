using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Caretta.Aggregator.Certificates;

/// <summary>
/// Certificates in Secrets and a ConfigMap. Writes go from whom is trusted to what is shown, so that a run that is cut off anywhere leaves something
/// that works, and the next one completes it. Each write names the version it read: of two runs at once one is refused.
/// </summary>
internal sealed class CertificateStore(Kubernetes api, CertificatePlaces places)
{
    public const string RenewalsAnnotation = "caretta/renewals";

    private V1Secret? _authority;
    private V1Secret? _member;
    private V1ConfigMap? _bundle;

    /// <exception cref="StartRefusedException">An object is missing, or may not be read.</exception>
    public async Task<HeldCertificates> ReadAsync(CancellationToken cancel)
    {
        _authority = await AskAsync($"Secret {places.Namespace}/{places.Authority}", () => api.CoreV1.ReadNamespacedSecretAsync(places.Authority, places.Namespace, cancellationToken: cancel));
        _member = await AskAsync($"Secret {places.Namespace}/{places.Member}", () => api.CoreV1.ReadNamespacedSecretAsync(places.Member, places.Namespace, cancellationToken: cancel));
        _bundle = await AskAsync(
            $"ConfigMap {places.BundleNamespace}/{places.Bundle}",
            () => api.CoreV1.ReadNamespacedConfigMapAsync(places.Bundle, places.BundleNamespace, cancellationToken: cancel));
        var renewals = _member.Metadata.Annotations?.TryGetValue(RenewalsAnnotation, out var text) is true
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        return new HeldCertificates(Text(_authority, "previous.crt"), Pair(_authority, "ca"), Pair(_authority, "next"), Pair(_member, "tls"), renewals);
    }

    /// <summary>What differs from what was read.</summary>
    /// <returns>What was written, for people.</returns>
    /// <exception cref="StartRefusedException">Something may not be written, or was written by somebody else meanwhile.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(HeldCertificates next, CancellationToken cancel)
    {
        var written = new List<string>();
        var authority = Data(("previous.crt", next.Previous), ("ca.crt", next.Authority?.Certificate), ("ca.key", next.Authority?.Key), ("next.crt", next.Next?.Certificate), ("next.key", next.Next?.Key));
        await WriteSecretAsync(_authority!, authority, null, written, cancel);
        await WriteBundleAsync(next.Bundle, written, cancel);
        var member = Data(("ca.crt", next.Bundle), ("tls.crt", next.Member?.Certificate), ("tls.key", next.Member?.Key));
        await WriteSecretAsync(_member!, member, next.Renewals, written, cancel);

        // At each run: the one that renewed may have been cut off before this. The same annotation again changes nothing.
        if (places.Restart is { } members && next.Renewals > 0)
        {
            await RollAsync(members, next.Renewals, cancel);
        }

        return written;
    }

    private static string? Text(V1Secret secret, string key) => secret.Data?.TryGetValue(key, out var bytes) is true ? Encoding.UTF8.GetString(bytes) : null;

    private static IssuedPem? Pair(V1Secret secret, string name) => Text(secret, $"{name}.crt") is { } certificate ? new IssuedPem(certificate, Text(secret, $"{name}.key") ?? "") : null;

    private static Dictionary<string, byte[]> Data(params IEnumerable<(string Key, string? Text)> entries) =>
        entries.Where(entry => entry.Text is not null).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Text!));

    private static bool Same(IDictionary<string, byte[]>? held, Dictionary<string, byte[]> wanted) =>
        (held?.Count ?? 0) == wanted.Count && wanted.All(entry => held!.TryGetValue(entry.Key, out var bytes) && bytes.AsSpan().SequenceEqual(entry.Value));

    private async Task WriteSecretAsync(V1Secret secret, Dictionary<string, byte[]> data, int? renewals, List<string> written, CancellationToken cancel)
    {
        if (Same(secret.Data, data))
        {
            return;
        }

        secret.Data = data;
        if (renewals is { } count)
        {
            secret.Metadata.Annotations ??= new Dictionary<string, string>();
            secret.Metadata.Annotations[RenewalsAnnotation] = count.ToString(CultureInfo.InvariantCulture);
        }

        var what = $"Secret {secret.Metadata.NamespaceProperty}/{secret.Metadata.Name}";
        await AskAsync(what, () => api.CoreV1.ReplaceNamespacedSecretAsync(secret, secret.Metadata.Name, places.Namespace, cancellationToken: cancel));
        written.Add(what);
    }

    private async Task WriteBundleAsync(string bundle, List<string> written, CancellationToken cancel)
    {
        if (_bundle!.Data?.TryGetValue("ca.crt", out var held) is true && held == bundle)
        {
            return;
        }

        _bundle.Data = new Dictionary<string, string> { ["ca.crt"] = bundle };
        var what = $"ConfigMap {places.BundleNamespace}/{places.Bundle}";
        await AskAsync(what, () => api.CoreV1.ReplaceNamespacedConfigMapAsync(_bundle, places.Bundle, places.BundleNamespace, cancellationToken: cancel));
        written.Add(what);
    }

    /// <summary>What Akka.Remote shows is the certificate of a member's start.</summary>
    private Task<V1StatefulSet> RollAsync(string members, int renewals, CancellationToken cancel)
    {
        var annotations = new Dictionary<string, string> { [RenewalsAnnotation] = renewals.ToString(CultureInfo.InvariantCulture) };
        var patch = JsonSerializer.Serialize(new { spec = new { template = new { metadata = new { annotations } } } });
        return AskAsync($"StatefulSet {places.Namespace}/{members}", () => api.AppsV1.PatchNamespacedStatefulSetAsync(
            new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), members, places.Namespace, cancellationToken: cancel));
    }

    private static async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpOperationException refused)
        {
            var remedy = refused.Response.StatusCode switch
            {
                HttpStatusCode.NotFound => "Apply the manifests: they have it, empty.",
                HttpStatusCode.Forbidden => "The service account needs get and update on Secrets and ConfigMap, and patch on the StatefulSet, by their names.",
                HttpStatusCode.Conflict => "Somebody else wrote it meanwhile. Run this again.",
                _ => "Run this again.",
            };
            throw new StartRefusedException($"{what}: the API server says HTTP {(int)refused.Response.StatusCode}. {remedy}");
        }
        catch (HttpRequestException away)
        {
            throw new StartRefusedException($"{what}: the API server cannot be reached: {away.Message} Run this again.");
        }
    }
}
