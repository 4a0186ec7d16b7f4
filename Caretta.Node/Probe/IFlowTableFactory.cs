using Caretta.Node.Kernel;
using Caretta.Node.Ledger;

namespace Caretta.Node.Probe;

/// <summary>Opens the host's flow table: the kernel's, or a fake.</summary>
public interface IFlowTableFactory
{
    /// <summary>Looks, and changes nothing.</summary>
    /// <exception cref="BadStartException">This kernel or this process cannot do it; the message says which and what to do.</exception>
    PinnedTable Find();

    /// <summary>How it counts; null before <see cref="Find"/> has looked.</summary>
    ProbePath? Path { get; }

    /// <summary>Opens what is pinned, whichever layout it has, or loads, pins and attaches anew.</summary>
    /// <exception cref="BadStartException">As above, or another agent holds the pins.</exception>
    IFlowTable Open(TableStart start);
}
