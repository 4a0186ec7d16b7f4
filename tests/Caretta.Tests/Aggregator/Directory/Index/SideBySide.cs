using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>The index and the slow one, told the same.</summary>
internal sealed class SideBySide(IndexSettings settings, int retention, int patience)
{
    private readonly WorkloadIndex _index = new(settings);
    private readonly NaiveIndex _naive = new(retention, patience);
    private int _second;

    private TimeSpan Now => TimeSpan.FromSeconds(_second);

    public void Wait(int seconds) => _second += seconds;

    public void Put(ClusterObject told)
    {
        _index.Put(told, Now);
        _naive.Put(told, _second);
    }

    public void Delete(ObjectKind kind, Guid uid)
    {
        _index.Delete(kind, uid, Now);
        _naive.Delete(kind, uid, _second);
    }

    public void BeginList(ObjectKind kind, bool mayHaveMissed)
    {
        _index.BeginList(kind, mayHaveMissed, Now);
        _naive.BeginList(kind, mayHaveMissed, _second);
    }

    public void EndList(ObjectKind kind)
    {
        _index.EndList(kind, Now);
        _naive.EndList(kind, _second);
    }

    public void List(ObjectKind kind)
    {
        BeginList(kind, mayHaveMissed: false);
        EndList(kind);
    }

    public void Forbid(ObjectKind kind)
    {
        _index.KindUnavailable(kind, Now);
        _naive.Forbid(kind, _second);
    }

    public void Allow(ObjectKind kind)
    {
        _index.KindAvailable(kind);
        _naive.Allow(kind);
    }

    public void Expire()
    {
        _index.Expire(Now);
        _naive.Expire(_second);
    }

    /// <summary>Every second of the history, however the question is put.</summary>
    public void Compare(IReadOnlyList<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            var timeline = _index.TimelineOf(subject, TimeSpan.FromSeconds(_second - retention), Now);
            for (var time = _second - retention; time <= _second; time++)
            {
                var expected = _naive.At(subject, time, _second);
                Assert.Equal(expected, Said(timeline.At(TimeSpan.FromSeconds(time)), timeline));
            }

            Assert.Equal(timeline.Last.Workload, _index.TimelineOf(subject, Now, Now).Last.Workload);
        }
    }

    /// <summary>What the index says otherwise after the step than before, at the same time, it has to name as changed.</summary>
    public void ExpectChanges(IReadOnlyList<Subject> subjects, Action step)
    {
        _index.Expire(Now);
        var before = subjects.Select(Holders).ToList();
        _index.DrainChanged();
        step();
        var changed = _index.DrainChanged().ToHashSet();
        for (var i = 0; i < subjects.Count; i++)
        {
            Assert.True(changed.Contains(subjects[i]) || before[i].SequenceEqual(Holders(subjects[i])), subjects[i].ToString());
        }
    }

    private static string Said(TimelineEntry entry, Timeline timeline) => entry switch
    {
        { Workload: { } workload } => $"{workload.Namespace}/{workload.Kind}/{workload.Name}",
        { Knowledge: Knowledge.NotInHistory } when entry.From == TimeSpan.MinValue => $"nothing, {timeline.Entries.Count} entries later",
        _ => entry.Knowledge.ToString(),
    };

    /// <summary>Apart from where the history begins, which is told otherwise.</summary>
    private List<Workload?> Holders(Subject subject)
    {
        var timeline = _index.TimelineOf(subject, TimeSpan.FromSeconds(_second - retention), Now);
        return [.. Enumerable.Range(_second - retention, retention + 1).Select(time => timeline.At(TimeSpan.FromSeconds(time)).Workload)];
    }
}
