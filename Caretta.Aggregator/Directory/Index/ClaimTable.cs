using System.Runtime.InteropServices;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>All claims, by what is claimed.</summary>
/// <param name="changed">Receives the subjects whose claims change.</param>
internal sealed class ClaimTable<TKey, TClaim>(TimeSpan retention, HashSet<Subject> changed)
    where TKey : struct
    where TClaim : Claim, IClaimTo<TClaim, TKey>
{
    /// <summary>From here on a set is faster than looking through the list.</summary>
    private const int Many = 16;

    private readonly Dictionary<TKey, Claim> _first = [];
    private readonly Retired<TClaim> _ended = new(retention);

    /// <summary>How many are claimed, or have been within memory.</summary>
    public int Keys => _first.Count;

    public int Tombstones => _ended.Count;

    /// <summary>The first of the claims to it.</summary>
    public Claim? this[TKey key] => _first.GetValueOrDefault(key);

    /// <summary>The holder shows these now and no others.</summary>
    public void Show(Holder holder, IReadOnlyList<TKey> keys, TimeSpan now)
    {
        EndOthers(holder, keys, now);
        for (var i = 0; i < keys.Count; i++)
        {
            Claim(holder, keys[i], now);
        }
    }

    public void Expire(TimeSpan now) => _ended.Expire(now, claim => changed.Add(claim.Subject), (claim, _) => Forget(claim));

    private void EndOthers(Holder holder, IReadOnlyList<TKey> keys, TimeSpan now)
    {
        var shown = keys.Count > Many ? keys.ToHashSet() : null;
        for (var claim = holder.Claims; claim is not null; claim = claim.NextOfHolder)
        {
            if (claim is TClaim { IsOpen: true } open && !(shown?.Contains(open.Key) ?? keys.Contains(open.Key)))
            {
                open.Until = now;
                _ended.Add(open, now);
                changed.Add(open.Subject);
            }
        }
    }

    private void Claim(Holder holder, TKey key, TimeSpan now)
    {
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, key, out _);
        for (var claim = first; claim is not null; claim = claim.Rival)
        {
            if (claim.Holder == holder && claim.IsOpen)
            {
                return;
            }
        }

        var opened = TClaim.Open(key, holder, now);
        (opened.Rival, opened.NextOfHolder) = (first, holder.Claims);
        (first, holder.Claims) = (opened, opened);
        changed.Add(opened.Subject);
    }

    private void Forget(TClaim ended)
    {
        ForgetRival(ended);
        if (ended.Holder.Claims == ended)
        {
            ended.Holder.Claims = ended.NextOfHolder;
            return;
        }

        var before = ended.Holder.Claims!;
        while (before.NextOfHolder != ended)
        {
            before = before.NextOfHolder!;
        }

        before.NextOfHolder = ended.NextOfHolder;
    }

    private void ForgetRival(TClaim ended)
    {
        if (_first[ended.Key] is var before && before != ended)
        {
            while (before.Rival != ended)
            {
                before = before.Rival!;
            }

            before.Rival = ended.Rival;
        }
        else if (ended.Rival is { } next)
        {
            _first[ended.Key] = next;
        }
        else
        {
            _first.Remove(ended.Key);
        }
    }
}
