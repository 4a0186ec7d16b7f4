using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>Names taken from the host itself, which learns from the flows what its addresses and ports belong to.</summary>
public interface IHostNames : ILinkNames
{
    /// <returns>True if every flow is to be shown in this poll, so that what is gone is forgotten; false if new ones will do.</returns>
    bool BeginPoll();

    void Observe(in FlowKey flow);

    /// <summary>All flows of the poll were shown. Looks up on the host what they made necessary, and nothing if they did not.</summary>
    void EndObservation();
}
