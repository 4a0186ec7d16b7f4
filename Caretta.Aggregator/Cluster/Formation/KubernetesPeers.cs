using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>
/// Pods of a namespace by their labels, and a Lease whose holder alone may begin a cluster. While a cluster lives its oldest member holds the Lease,
/// so that a pod that is cut off from it, but not from the API server, cannot begin another one. Needs: list on pods; get, create and update
/// on that Lease.
/// </summary>
internal sealed class KubernetesPeers : IPeers, IDisposable
{
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4);

    private readonly Kubernetes _api;
    private readonly string _namespace;
    private readonly string _selector;
    private readonly string _name;
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly TimeProvider _time;
    private readonly long _began;
    private LeaseWatch? _lease;

    public KubernetesPeers(KubernetesClientConfiguration access, AggregatorOptions options, TimeProvider time)
    {
        _namespace = options.PeerNamespace.Length > 0 ? options.PeerNamespace : access.Namespace ?? "default";
        (_api, _selector, _name, _time, _began) = (new Kubernetes(access), options.PeerSelector, options.LeaseName, time, time.GetTimestamp());
    }

    public bool Holds => true;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    public Task<PeersFound> FindAsync(MemberAddress self) => AskAsync(self, async (lease, cancel) =>
    {
        var pods = await _api.CoreV1.ListNamespacedPodAsync(_namespace, labelSelector: _selector, cancellationToken: cancel);
        await KeepAsync(lease, IdentityOf(self), cancel);
        var hindrance = lease.IsHeld(Now) ? null : $"the Lease {_namespace}/{_name} is held by '{lease.Holder}'";
        return new PeersFound([.. pods.Items.Where(IsPeer).Select(pod => (MemberAddress.At(pod.Status.PodIP, self.Port), IsReady(pod)))
            .Where(peer => peer.Item1 != self)], Quorum: 1, hindrance);
    });

    public Task<bool> HoldAsync(MemberAddress self) => AskAsync(self, async (lease, cancel) =>
    {
        await KeepAsync(lease, IdentityOf(self), cancel);
        return lease.IsHeld(Now);
    });

    public void Dispose() => _api.Dispose();

    /// <summary>A pod that is not ready may be about to begin a cluster as well; one that ends will not.</summary>
    private static bool IsPeer(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && !string.IsNullOrEmpty(pod.Status?.PodIP) && pod.Status.Phase is not ("Succeeded" or "Failed");

    private static bool IsReady(V1Pod pod) => pod.Status.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) ?? false;

    /// <summary>A process that restarts at its address is another holder: it waits, as everybody does, until the old one's time is over.</summary>
    private string IdentityOf(MemberAddress self) => $"{self}/{_process}";

    private async Task<T> AskAsync<T>(MemberAddress self, Func<LeaseWatch, CancellationToken, Task<T>> ask)
    {
        _lease ??= new LeaseWatch(IdentityOf(self), LeaseDuration);
        using var patience = new CancellationTokenSource(AnswerWithin, _time);
        try
        {
            return await ask(_lease, patience.Token);
        }
        catch (Exception away) when (away is HttpOperationException or HttpRequestException or OperationCanceledException or IOException)
        {
            _lease.Blind();
            var said = away is HttpOperationException refused ? $"HTTP {(int)refused.Response.StatusCode}: {refused.Response.Content}" : away.Message;
            throw new IOException($"the API server does not tell of pods and Lease of {_namespace}: {said}", away);
        }
    }

    private async Task KeepAsync(LeaseWatch watch, string self, CancellationToken cancel)
    {
        var lease = await ReadAsync(cancel);
        var step = watch.Read(lease is null ? null : Record(lease), Now);
        if (step == LeaseStep.Leave)
        {
            return;
        }

        var sentAt = Now;
        try
        {
            var written = await WriteAsync(lease, self, step, cancel);
            watch.Wrote(Record(written), sentAt);
        }
        catch (HttpOperationException refused) when (refused.Response.StatusCode == HttpStatusCode.Conflict)
        {
            watch.Conflicted();
        }
    }

    private async Task<V1Lease?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await _api.CoordinationV1.ReadNamespacedLeaseAsync(_name, _namespace, cancellationToken: cancel);
        }
        catch (HttpOperationException missing) when (missing.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private Task<V1Lease> WriteAsync(V1Lease? lease, string self, LeaseStep step, CancellationToken cancel)
    {
        var now = _time.GetUtcNow().UtcDateTime; // for people only
        lease ??= new V1Lease { Metadata = new V1ObjectMeta { Name = _name, NamespaceProperty = _namespace } };
        lease.Spec ??= new V1LeaseSpec();
        if (step != LeaseStep.Renew)
        {
            lease.Spec.AcquireTime = now;
            lease.Spec.LeaseTransitions = (lease.Spec.LeaseTransitions ?? 0) + (step == LeaseStep.Take ? 1 : 0);
        }

        (lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds, lease.Spec.RenewTime) = (self, (int)LeaseDuration.TotalSeconds, now);
        return step == LeaseStep.Create
            ? _api.CoordinationV1.CreateNamespacedLeaseAsync(lease, _namespace, cancellationToken: cancel)
            : _api.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, _name, _namespace, cancellationToken: cancel);
    }

    private static LeaseRecord Record(V1Lease lease) => new(lease.Spec?.HolderIdentity ?? "", lease.Metadata.ResourceVersion ?? "");
}
