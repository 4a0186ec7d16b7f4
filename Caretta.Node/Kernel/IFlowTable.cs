namespace Caretta.Node.Kernel;

/// <summary>The host's flow table: the kernel's, or a fake that misbehaves. Not thread-safe; one owner at a time.</summary>
/// <remarks>Every call may throw <see cref="LibbpfException"/> (the kernel refused; the message names the call and errno).</remarks>
public interface IFlowTable : IDisposable
{
    /// <summary>Random, made with the tables: whoever finds another one than it remembers has not counted here before.</summary>
    Guid TableId { get; }

    /// <summary>Moves what live sockets have counted since the last fold into their flows, and counts sockets by state.</summary>
    void Fold();

    /// <summary>Takes on sockets older than the programs, as far as processes hold them by now.</summary>
    /// <returns>How many were new.</returns>
    long Enrol();

    /// <summary>Every flow, the overflow table's last. A flow that changes meanwhile may be missing or come twice.</summary>
    void Read(FlowReader reader);

    /// <summary>First phase of eviction: from now on the counts of these keys go to their other slot.</summary>
    void Retire(IReadOnlyList<FlowKey> keys);

    /// <summary>Second phase, one poll or more later, when the final values are durable.</summary>
    void Delete(IReadOnlyList<FlowKey> keys);

    KernelCounters ReadCounters();

    /// <summary>Stops counting: programs off their hooks, one last fold. The tables can still be read.</summary>
    /// <returns>The accounts of all live sockets, to be carried to the next generation.</returns>
    IReadOnlyList<SocketAccount> Detach();

    /// <summary>Removes every pin. After <see cref="Detach"/> nothing of ours is left in the kernel once this is disposed of.</summary>
    void Remove();
}
