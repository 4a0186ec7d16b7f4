namespace Caretta.Node.Kernel;

/// <summary>Called once per flow by <see cref="IFlowTable.Read"/>.</summary>
public delegate void FlowReader(in FlowRecord flow);
