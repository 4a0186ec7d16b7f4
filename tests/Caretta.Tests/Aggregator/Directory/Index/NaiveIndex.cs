using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>
/// The index as it is described: whole seconds, lists that are looked through, every pod decided anew after each step, and nothing forgotten but
/// what the description says is.
/// </summary>
internal sealed class NaiveIndex(int retention, int patience)
{
    private readonly List<NaiveObject> _objects = [];
    private readonly List<NaiveClaim> _claims = [];
    private readonly Dictionary<ObjectKind, int> _completeSince = [];
    private readonly Dictionary<ObjectKind, int> _firstListed = [];
    private readonly HashSet<ObjectKind> _forbidden = [];
    private readonly HashSet<ObjectKind> _missed = [];
    private int _decided;

    public void BeginList(ObjectKind kind, bool mayHaveMissed, int now)
    {
        Pass(now);
        _objects.ForEach(known => known.Listed &= known.Told.Kind != kind);
        _firstListed.TryAdd(kind, int.MaxValue);
        if (mayHaveMissed)
        {
            _missed.Add(kind);
        }
    }

    public void EndList(ObjectKind kind, int now)
    {
        Pass(now);
        foreach (var gone in _objects.Where(known => known.Exists && known.Told.Kind == kind && !known.Listed).ToList())
        {
            Delete(kind, gone.Told.Uid, now);
        }

        if (_missed.Remove(kind) || !_completeSince.ContainsKey(kind))
        {
            _completeSince[kind] = now;
        }

        if (_firstListed.GetValueOrDefault(kind) == int.MaxValue)
        {
            _firstListed[kind] = now;
        }

        _forbidden.Remove(kind);
        Decide(now);
    }

    public void Put(ClusterObject told, int now)
    {
        Pass(now);
        var known = _objects.Find(known => known.Told.Uid == told.Uid);
        var before = known is null ? told : known.Told;
        if (known is null)
        {
            _objects.Add(known = new NaiveObject(told, now));
        }

        (known.Told, known.Exists, known.Listed) = (told, true, true);
        var subjects = SubjectsOf(told).ToList();
        _claims.Where(claim => claim.Holder == known && claim.Until == int.MaxValue && !subjects.Contains(claim.Subject)).ToList()
            .ForEach(claim => claim.Until = now);
        subjects.RemoveAll(subject => _claims.Exists(claim => claim.Holder == known && claim.Until == int.MaxValue && claim.Subject == subject));
        _claims.AddRange(subjects.Select(subject => new NaiveClaim(subject, known, now)));
        known.FinishedAt = (told as ClusterPod)?.FinishedAt is { } at ? known.FinishedAt ?? Math.Min((int)at.TotalSeconds, now) : null;
        if (ControllerOf(before)?.Uid != ControllerOf(told)?.Uid)
        {
            known.OwnerSeen = now;
            AwaitAnother(known, now);
        }

        Forget();
        Decide(now);
    }

    public void Delete(ObjectKind kind, Guid uid, int now)
    {
        Pass(now);
        if (_objects.Find(known => known.Exists && known.Told.Kind == kind && known.Told.Uid == uid) is { } gone)
        {
            (gone.Exists, gone.DeletedAt) = (false, now);
            _claims.Where(claim => claim.Holder == gone && claim.Until == int.MaxValue).ToList().ForEach(claim => claim.Until = now);
            Forget();
        }
    }

    public void Forbid(ObjectKind kind, int now)
    {
        Pass(now);
        _forbidden.Add(kind);
        _completeSince.Remove(kind);
        _firstListed.Remove(kind);
        Decide(now);
    }

    public void Allow(ObjectKind kind) => _forbidden.Remove(kind);

    public void Expire(int now)
    {
        Pass(now);
        _objects.RemoveAll(known => known is { Told: ClusterPod, Exists: false } && now - known.DeletedAt >= 2 * retention);
        Forget();
    }

    /// <summary>For times not before the history could begin, nor after now.</summary>
    public string At(Subject subject, int time, int now)
    {
        Pass(now);
        var claims = _claims.AsEnumerable().Reverse().Where(claim => claim.Subject == subject && claim.Holder.Since <= time).ToList();
        var best = claims.Where(claim => claim.Until > time).OrderBy(claim => Rank(claim.Holder, time))
            .ThenByDescending(claim => claim.Seen <= time).ThenByDescending(claim => claim.Seen).FirstOrDefault();
        best ??= _claims.AsEnumerable().Reverse().Where(claim => claim.Subject == subject && claim.Until <= time && time - claim.Until < retention)
            .OrderBy(claim => Rank(claim.Holder, claim.Until - 1) == 3).ThenByDescending(claim => claim.Until)
            .ThenBy(claim => Rank(claim.Holder, claim.Until - 1)).ThenByDescending(claim => claim.Seen).FirstOrDefault();
        return best is not null ? best.Holder.NameAt(time) ?? nameof(Knowledge.NotYet)
            : (time >= HistoryStart(now) ? Knowledge.Nobody : Knowledge.NotInHistory).ToString();
    }

    private static int Rank(NaiveObject holder, int time) => holder.Told switch
    {
        ClusterPod => holder.FinishedAt <= time ? 3 : 0,
        ClusterNode => 0,
        ClusterService => 1,
        _ => 2,
    };

    private static ControllerRef? ControllerOf(ClusterObject told) => told switch
    {
        ClusterPod { Controller.Kind: not "Node" } pod => pod.Controller,
        ClusterController controller => controller.Controller,
        _ => null,
    };

    private static IEnumerable<Subject> SubjectsOf(ClusterObject told) => told switch
    {
        ClusterPod pod => pod.Addresses.Where(_ => !pod.HostNetwork).Select(Subject.Of).Append(Subject.OfPod(pod.Uid))
            .Concat(pod.StaticUid is { } uid ? [Subject.OfPod(uid)] : []),
        ClusterNode node => node.Addresses.Select(Subject.Of),
        ClusterService service => service.Addresses.Select(Subject.Of),
        ClusterEndpoints endpoints => endpoints.Addresses.Select(Subject.Of),
        _ => [],
    };

    private double HistoryStart(int now) =>
        new[] { ObjectKind.Pod, ObjectKind.Node, ObjectKind.Service, ObjectKind.EndpointSlice }
            .Where(kind => !_forbidden.Contains(kind))
            .Select(kind => _completeSince.TryGetValue(kind, out var since) ? since : double.PositiveInfinity)
            .Append(now - retention).Max();

    /// <summary>Second by second, so that patience ends when it ends.</summary>
    private void Pass(int now)
    {
        for (; _decided < now; _decided++)
        {
            Decide(_decided + 1);
        }
    }

    private void Decide(int now)
    {
        // Endpoints without addresses are called nothing: they have been given to no service before they have one.
        foreach (var known in _objects.Where(known => known.Told is not ClusterEndpoints || _claims.Exists(claim => claim.Holder == known)))
        {
            var name = NameOf(known, now);
            if (known.Names.Count == 0)
            {
                known.Names.Add((now, name));
            }
            else if (name is not null && known.Names[^1].Name is null)
            {
                known.Names[^1] = (known.Names[^1].From, name);
            }
            else if (name is not null && known.Names[^1].Name != name)
            {
                known.Names.Add((now, name));
            }
        }
    }

    /// <summary>It, and all below it, are called otherwise from now on, even if it is not known how.</summary>
    private void AwaitAnother(NaiveObject changed, int now)
    {
        foreach (var below in _objects.Where(below => below.Names.Count > 0 && ChainOf(below).Contains(changed)))
        {
            if (NameOf(below, now) is null && below.Names[^1].Name is not null)
            {
                below.Names.Add((now, null));
            }
        }
    }

    private List<NaiveObject> ChainOf(NaiveObject known)
    {
        var chain = new List<NaiveObject> { known };
        while (ControllerOf(chain[^1].Told) is { } controller && _objects.Find(above => above.Told.Uid == controller.Uid) is { } next)
        {
            chain.Add(next);
        }

        return chain;
    }

    private string? NameOf(NaiveObject known, int now)
    {
        var top = ChainOf(known)[^1];
        if (ControllerOf(top.Told) is { } unknown)
        {
            return IsAwaited(unknown.Kind, top.OwnerSeen, now) ? null : $"shop/{unknown.Kind}/{unknown.Name}";
        }

        return top switch
        {
            { Told: ClusterController controller } => $"shop/{controller.Kind}/{controller.Name}",
            { Told: ClusterPod } => $"shop/Pod/{top.Told.Name}",
            { Told: ClusterNode } => $"node/node/{top.Told.Name}",
            { Told: ClusterService } => $"shop/Service/{top.Told.Name}",
            _ => $"shop/Service/{((ClusterEndpoints)top.Told).Service}",
        };
    }

    private bool IsAwaited(string kindName, int seen, int now) =>
        Enum.TryParse<ObjectKind>(kindName, out var kind) && !_forbidden.Contains(kind)
        && (_firstListed.GetValueOrDefault(kind, int.MinValue) is int.MaxValue
            || now < Math.Max(seen, _firstListed.GetValueOrDefault(kind, int.MinValue)) + patience);

    /// <summary>A controller that was deleted is remembered while something refers to it. Other objects are known by their claims.</summary>
    private void Forget()
    {
        while (_objects.RemoveAll(gone => gone is { Exists: false, Told: not ClusterPod }
            && !_objects.Exists(below => ControllerOf(below.Told)?.Uid == gone.Told.Uid)) > 0)
        {
        }
    }
}
