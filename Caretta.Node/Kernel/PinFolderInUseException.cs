namespace Caretta.Node.Kernel;

/// <summary>Another agent of this host counts already; two would count everything twice.</summary>
public sealed class PinFolderInUseException(string pinFolder)
    : Exception($"Another agent on this host holds {pinFolder}: one agent a host. Stop it first, or name another PinFolder to run a second one on purpose.");
