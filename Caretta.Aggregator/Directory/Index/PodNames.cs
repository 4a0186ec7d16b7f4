using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>What pods are called, now and before. A name that was given stays given for the time it was given for.</summary>
/// <param name="changed">Receives the subjects that are called otherwise.</param>
internal sealed class PodNames(IndexSettings settings, OwnerGraph owners, HashSet<Subject> changed)
{
    private readonly PriorityQueue<PodEntry, TimeSpan> _waiting = new();

    /// <param name="isNew">It has no name yet.</param>
    public void Put(PodEntry pod, ClusterPod told, string inNamespace, bool isNew, TimeSpan now)
    {
        var controller = ControllerKinds.NamedAfter(told.Controller);
        if (owners.Refer(pod, inNamespace, controller, now) || isNew)
        {
            var bySelf = controller is null || !settings.ClimbOwners;
            pod.Self = bySelf ? new Workload(inNamespace, "Pod", told.Name) : null;
            Decide(pod, now, isAnother: !isNew);
        }
    }

    public void Put(ClusterController told, string inNamespace, TimeSpan now)
    {
        var self = new Workload(inNamespace, ControllerKinds.Spelling(told.Kind), told.Name);
        if (owners.Put(told, self, now, out var isNew) is { } entry)
        {
            foreach (var pod in entry.Pods(OwnerGraph.Levels))
            {
                Decide(pod, now, isAnother: !isNew);
            }
        }
    }

    /// <summary>Names those whose controllers were waited for long enough.</summary>
    public void EndPatience(TimeSpan now)
    {
        while (_waiting.TryPeek(out var pod, out var until) && until <= now)
        {
            _waiting.Dequeue();
            Decide(pod, until, isAnother: false);
        }

        if (_waiting.Count == 0)
        {
            _waiting.TrimExcess();
        }
    }

    /// <summary>A kind is listed, or forbidden, which changes for how long its objects are waited for.</summary>
    public void WaitAnew(TimeSpan now)
    {
        var waiting = _waiting.UnorderedItems.Select(item => item.Element).ToList();
        _waiting.Clear();
        foreach (var pod in waiting)
        {
            Decide(pod, now, isAnother: false);
        }
    }

    /// <param name="isAnother">It has another controller than before. While that one is waited for, the former name is not the pod's.</param>
    private void Decide(PodEntry pod, TimeSpan at, bool isAnother)
    {
        if (pod.IsForgotten)
        {
            return;
        }

        var top = owners.Top(pod, at, out var waitUntil);
        if (waitUntil is { } until)
        {
            _waiting.Enqueue(pod, until);
            Call(pod, isAnother ? null : pod.Name, at);
        }
        else
        {
            Call(pod, settings.ClimbOwners ? top.Self : top == pod ? pod.Self : pod.Self! with { Owner = top.Self!.Name }, at);
        }
    }

    private void Call(PodEntry pod, Workload? name, TimeSpan from)
    {
        if (pod.Name == name && pod.Name?.Owner == name?.Owner)
        {
            return;
        }

        if (pod.Name is null)
        {
            pod.Settle(name!);
        }
        else
        {
            pod.Rename(name, from, forgetBefore: from - 2 * settings.Retention);
        }

        changed.Add(Subject.OfPod(pod.Uid));
        pod.ChangeClaims(changed);
    }
}
