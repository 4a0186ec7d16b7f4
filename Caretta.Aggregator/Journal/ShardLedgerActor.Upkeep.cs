using Akka.Persistence;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

// What a shard's ledger does without being asked: expire links, retire sources, keep the journal short.
internal sealed partial class ShardLedgerActor
{
    private readonly SnapshotSchedule _snapshots;
    private readonly ExpiryWatch _expiry;
    private readonly Retirement _retirement;
    private readonly HashSet<ulong> _expiring = [];
    private (int Sources, int Retired) _counted;
    private TimeSpan _listenedBefore;

    /// <inheritdoc cref="LinksAdvanced.Listened"/>
    private TimeSpan Listened => _listenedBefore + Now;

    private void AskIdleLinks()
    {
        var idle = _expiry.Look(Now, linkId => _sources.AreNodesConnected(_state.Link(linkId)?.Held.Keys.Select(by => by.Source) ?? []));
        foreach (var linkId in idle)
        {
            if (_links.IsUp(linkId))
            {
                _links.Tell(linkId, new AskWhetherIdle());
            }
            else
            {
                Expire(linkId); // not reported since the recovery, so it has no levels
            }
        }
    }

    private void Expire(ulong linkId)
    {
        if (!_expiry.IsIdle(linkId, Now) || _state.Link(linkId) is null || !_expiring.Add(linkId))
        {
            return;
        }

        PersistAsync(new LinksExpired(_time.GetUtcNow(), [linkId]) { Step = _writer.Next() }, expired =>
        {
            _expiring.Remove(linkId);
            _state.Apply(expired);
            if (_expiry.IsIdle(linkId, Now)) // else it was reported meanwhile, and its totals are on their way into the journal
            {
                _expiry.Forget(linkId);
                _gauges.Remove(_shard, linkId);
                _links.Expire(linkId);
            }

            SnapshotWhenDue(totals: 1);
        });
    }

    private void RetireSilentSources()
    {
        var found = _retirement.Look(_state, Listened, _sources.IsConnected);
        _metrics.RetirementsRefused.Inc(found.Refused);
        if (found.Seen.Count > 0 || found.Away)
        {
            PersistAsync(Sighting(found.Seen), seen =>
            {
                _state.Apply(seen);
                SnapshotWhenDue(totals: 0);
            });
        }

        if (found.Silent.Count > 0)
        {
            PersistAsync(new SourcesRetired(_time.GetUtcNow(), Listened, found.Silent) { Step = _writer.Next() }, Retired);
        }
    }

    /// <summary>Of sources that have nothing to report: that they are there, or merely that time passed for the others.</summary>
    private LinksAdvanced Sighting(IReadOnlyList<Source> seen) => new(
        _time.GetUtcNow(), [], [.. seen.Select(source => KeyValuePair.Create(source, _state.Watermark(source)))])
    {
        Listened = Listened,
        Step = _writer.Next(),
        Epochs = seen.ToDictionary(source => source, _state.EpochOf),
    };

    private void Retired(SourcesRetired retired)
    {
        _metrics.SourcesRetired.Inc(retired.Sources.Count(_state.Sources.Contains));
        _state.Apply(retired);
        Admission.Retire(retired.Sources);
        CountSources(_state.Sources.Count, _state.Retired.Count);
        _links.TellAll(new RetireSources(retired.Sources));
        SnapshotWhenDue(retired.Sources.Count);
    }

    private void CountSources(int sources, int retired)
    {
        _metrics.Sources.Inc(sources - _counted.Sources);
        _metrics.RetiredRemembered.Inc(retired - _counted.Retired);
        _counted = (sources, retired);
    }

    private void SnapshotWhenDue(int totals)
    {
        _snapshots.Wrote(totals);
        if (_snapshots.IsDue(_state.Totals))
        {
            SaveSnapshot(_state.Snapshot());
        }
    }

    private void Saved(SaveSnapshotSuccess saved)
    {
        _metrics.Snapshots.Inc();
        if (_snapshots.Saved(saved.Metadata.SequenceNr) is > 0 and var older)
        {
            DeleteMessages(older);
            DeleteSnapshots(new SnapshotSelectionCriteria(older - 1));
        }
    }
}
