using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>
/// Names for a host of a cluster. The local end is the pod of the socket's cgroup, the remote end whoever has its address; the directory
/// says which workloads these are. What it has not said yet waits.
/// </summary>
public sealed class ClusterNames(
    string nodeName, ILocalEnds localEnds, ILinkFilter filter, AddressBook book, ExternalGrants grants, TimeProvider time) : IHostNames, IDirectoryUser
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Workload _node = StandIns.Node(nodeName);
    private ulong _version;
    private ulong _questions;
    private ulong? _unanswered;
    private TimeSpan _forgotAt;

    public ulong Version => _version + book.Version;

    public DirectoryState State => book.State;

    public int Known => book.Count;

    public ulong Overflowed => book.Overflowed + grants.Overflowed;

    public ulong Notices { get; private set; }

    public long Crowded => localEnds.Crowded;

    private TimeSpan Now => time.GetElapsedTime(0);

    public bool BeginPoll()
    {
        var now = Now;
        book.Advance(now);
        if (now - _forgotAt >= ForgetInterval)
        {
            _forgotAt = now;
            book.Forget();
            grants.Forget(now);
        }

        localEnds.BeginPoll();
        return false;
    }

    /// <summary>The flows say nothing about each other here.</summary>
    public void Observe(in FlowKey flow)
    {
    }

    public void EndObservation()
    {
    }

    public Naming NameOf(in FlowKey flow, ulong changedNs)
    {
        if (flow.IsOverflow)
        {
            return Naming.Of(new NetworkLink(StandIns.Overflow, StandIns.Overflow, flow.ServerPort, flow.Role));
        }

        var ends = localEnds.EndsOf(flow);
        var naming = NameOf(ends, (long)changedNs);
        return ends.LocalPod == Guid.Empty ? naming : naming with { Ends = ends };
    }

    public Naming NameOf(in LinkEnds ends, long changedNs)
    {
        if (ends.IsLoopback)
        {
            return Naming.LeaveOut(LeftOutReason.Loopback);
        }

        if (filter.LeftOut(ends.Remote, ends.ServerPort) is { } early)
        {
            return Naming.LeaveOut(early);
        }

        var at = TimeSpan.FromTicks(changedNs / TimeSpan.NanosecondsPerTick);
        var (local, remote) = (LocalAt(ends, at), book.Resolve(Subject.Of(ends.Remote), at));
        if (local is null || !remote.IsSettled)
        {
            return Naming.WaitFor(ends);
        }

        return remote.IsExternal
            ? NameExternal(ends, local, remote.External ?? StandIns.Address(ends.Remote.ToString()))
            : Filtered(ends, local, remote.Holder ?? StandIns.Unresolved);
    }

    public NetworkLink Settle(in LinkEnds ends)
    {
        var local = ends.LocalPod != Guid.Empty ? book.LastHolder(Subject.OfPod(ends.LocalPod)) : null;
        local ??= ends.LocalIsNode ? _node : book.LastHolder(Subject.Of(ends.Local));
        var remote = book.LastHolder(Subject.Of(ends.Remote));
        return NetworkLink.Between(local ?? StandIns.Unresolved, remote ?? StandIns.Unresolved, ends.ServerPort, ends.Role);
    }

    public NameQuestions? NextQuestions()
    {
        if (_unanswered is not null || !book.State.Answers)
        {
            return null;
        }

        var (subjects, forgotten) = book.TakeQuestions();
        var pairs = grants.Take();
        if (subjects.Count == 0 && forgotten.Count == 0 && pairs.Count == 0)
        {
            return null;
        }

        _unanswered = ++_questions;
        return new NameQuestions(_questions, subjects, pairs, forgotten);
    }

    public void StateChanged(DirectoryState state) => book.StateChanged(state, Now);

    public void Learn(NameAnswers answers)
    {
        var now = Now;
        book.Learn(answers.Subjects, now);
        if (grants.Learn(answers.Externals, now))
        {
            _version++;
        }

        Notices += answers.Id == 0 && answers.Subjects.Count > 0 ? 1UL : 0;
        if (answers.Id == _unanswered)
        {
            _unanswered = null;
        }
    }

    public void StreamEnded(TimeSpan heardAt)
    {
        (_questions, _unanswered) = (0, null);
        book.StreamEnded(heardAt, Now);
        grants.StreamEnded();
    }

    /// <summary>
    /// Null while it is not known. What is on this host and nobody in the cluster claims is this node's, whatever address it has.
    /// </summary>
    private Workload? LocalAt(in LinkEnds ends, TimeSpan at)
    {
        if (ends.LocalPod != Guid.Empty)
        {
            var pod = book.Resolve(Subject.OfPod(ends.LocalPod), at);
            if (!pod.IsExternal)
            {
                return Name(pod);
            }
        }

        return ends.LocalIsNode ? _node : Name(book.Resolve(Subject.Of(ends.Local), at));
    }

    private Workload? Name(Resolution local) =>
        !local.IsSettled ? null
        : local.IsExternal ? _node
        : local.Holder ?? StandIns.Unresolved;

    private Naming NameExternal(in LinkEnds ends, Workload local, Workload external)
    {
        var naming = Filtered(ends, local, external);
        if (naming.LeftOut is not null)
        {
            return naming;
        }

        return grants.IsGranted(new ExternalPair(local, external), Now) switch
        {
            true => naming,
            false => Naming.Of(NetworkLink.Between(local, StandIns.Other, ends.ServerPort, ends.Role)),
            null => Naming.WaitFor(ends),
        };
    }

    private Naming Filtered(in LinkEnds ends, Workload local, Workload remote)
    {
        var link = NetworkLink.Between(local, remote, ends.ServerPort, ends.Role);
        return filter.LeftOut(link) is { } reason ? Naming.LeaveOut(reason) : Naming.Of(link);
    }
}
