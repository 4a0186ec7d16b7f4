using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>All pods by uid, deleted ones for as long as something may be asked of them.</summary>
/// <param name="changed">Receives the pods that begin, finish or end.</param>
internal sealed class PodTable(
    IndexSettings settings, OwnerGraph owners, ClaimTable<Address, AddressClaim> addresses, HashSet<Subject> changed)
{
    private readonly Dictionary<Guid, PodEntry> _pods = [];
    private readonly Retired<PodEntry> _deleted = new(settings.Retention);
    private readonly ClaimTable<Guid, PodUidClaim> _staticUids = new(settings.Retention, changed);

    public PodNames Names { get; } = new(settings, owners, changed);

    public int Count { get; private set; }

    public int Tombstones => _deleted.Count + _staticUids.Tombstones;

    /// <summary>The claims to a uid, or to a static pod's.</summary>
    public Claim? ClaimTo(Guid uid) =>
        _pods.TryGetValue(uid, out var pod) ? new PodUidClaim(uid, pod, pod.CreatedAt) { Until = pod.Until } : _staticUids[uid];

    public void Put(ClusterPod told, string inNamespace, int list, TimeSpan now)
    {
        var isNew = !_pods.TryGetValue(told.Uid, out var pod);
        if (isNew)
        {
            _pods[told.Uid] = pod = new PodEntry(told.Uid, Earlier(told.CreatedAt, now)) { Until = TimeSpan.MinValue };
        }

        Begin(pod!);
        pod!.List = list;
        Finish(pod, told.FinishedAt, now);
        addresses.Show(pod, told.HostNetwork ? [] : told.Addresses, now);
        _staticUids.Show(pod, told.StaticUid is { } uid ? [uid] : [], now);
        Names.Put(pod, told, inNamespace, isNew, now);
    }

    public void Delete(Guid uid, TimeSpan now)
    {
        if (_pods.TryGetValue(uid, out var pod) && pod.Exists)
        {
            End(pod, now);
        }
    }

    /// <summary>Deletes what the last list did not name.</summary>
    public void Sweep(int list, TimeSpan now)
    {
        foreach (var pod in _pods.Values)
        {
            if (pod.Exists && pod.List != list)
            {
                End(pod, now);
            }
        }
    }

    public void Expire(TimeSpan now)
    {
        _staticUids.Expire(now);
        _deleted.Expire(now, pod => changed.Add(Subject.OfPod(pod.Uid)), Forget);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Also anew: a list may name what was thought deleted.</summary>
    private void Begin(PodEntry pod)
    {
        if (!pod.Exists)
        {
            pod.Until = TimeSpan.MaxValue;
            Count++;
            changed.Add(Subject.OfPod(pod.Uid));
        }
    }

    private void End(PodEntry pod, TimeSpan now)
    {
        pod.Until = now;
        Count--;
        addresses.Show(pod, [], now);
        _staticUids.Show(pod, [], now);
        _deleted.Add(pod, now);
        changed.Add(Subject.OfPod(pod.Uid));
    }

    /// <summary>The time that was told first counts: converted from another clock, it is not the same each time.</summary>
    private void Finish(PodEntry pod, TimeSpan? at, TimeSpan now)
    {
        var isFinished = pod.FinishedAt != TimeSpan.MaxValue;
        if (isFinished == at is not null)
        {
            return;
        }

        pod.FinishedAt = at is { } time ? Earlier(time, now) : TimeSpan.MaxValue;
        pod.ChangeClaims(changed);
    }

    private void Forget(PodEntry pod, TimeSpan until)
    {
        if (pod.Until == until && !pod.IsForgotten)
        {
            pod.IsForgotten = true;
            owners.Release(pod);
            _pods.Remove(pod.Uid);
        }
    }
}
