using System.Runtime.InteropServices;
using Caretta.Node.Kernel;

namespace Caretta.Node.Ledger;

/// <summary>
/// Chooses which flows leave the kernel's table. First they are retired: their counts go to the key's other slot from then on. A flow that
/// shows as retiring in a later poll than the first that saw it so, and did not change in that one, has its final counts: once these are
/// committed it is deleted. A crash at any point leaves flows that are chosen again.
/// </summary>
public sealed class Eviction(int idlePolls, int maxPerPoll = Eviction.DefaultMaxPerPoll)
{
    /// <summary>So that a poll after a flood stays short.</summary>
    public const int DefaultMaxPerPoll = 4096;

    private const int SlotOffset = 64;

    private readonly List<FlowKey> _retire = [];
    private readonly List<FlowKey> _delete = [];

    /// <summary>To be retired after the commit.</summary>
    public IReadOnlyList<FlowKey> Retire => _retire;

    /// <summary>To be deleted after the commit.</summary>
    public IReadOnlyList<FlowKey> Delete => _delete;

    /// <summary>Between the end of a poll and its commit, which stores that the chosen flows are leaving.</summary>
    public void Choose(Ledger ledger)
    {
        _retire.Clear();
        _delete.Clear();
        foreach (var flow in ledger.Flows)
        {
            if (flow.SeenPoll != ledger.Poll || flow.Live || !flow.Held || flow.Key.IsOverflow)
            {
                continue;
            }

#if MUTANT_ONE_PHASE_EVICTION
            if (ledger.Poll - flow.ChangedPoll >= (ulong)idlePolls)
            {
                _delete.Add(flow.Key);
                ledger.Leave(flow);
                continue;
            }
#endif
            if (flow.RetiringPoll != 0)
            {
                if (flow.RetiringPoll < ledger.Poll && flow.ChangedPoll != ledger.Poll && _delete.Count < maxPerPoll)
                {
                    _delete.Add(flow.Key);
                    ledger.Leave(flow);
                }
            }
            else if (ledger.Poll - flow.ChangedPoll >= (ulong)idlePolls && _retire.Count < maxPerPoll && !ledger.Knows(OtherSlot(flow.Key)))
            {
                _retire.Add(flow.Key);
            }
        }
    }

    /// <summary>The key whose flow takes the counts while <paramref name="key"/> retires.</summary>
    public static FlowKey OtherSlot(FlowKey key)
    {
        MemoryMarshal.AsBytes(new Span<FlowKey>(ref key))[SlotOffset] ^= 1;
        return key;
    }
}
