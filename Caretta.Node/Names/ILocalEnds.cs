using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>What this host knows of a flow's local end.</summary>
public interface ILocalEnds
{
    /// <summary>What was forgotten before its time for want of room.</summary>
    long Crowded { get; }

    /// <summary>What was looked up for the poll before may be looked up again.</summary>
    void BeginPoll();

    /// <param name="flow">Not of the overflow table.</param>
    LinkEnds EndsOf(in FlowKey flow);
}
