namespace Caretta.Node.Kernel;

/// <summary><c>enum counter</c> of caretta.h.</summary>
internal enum KernelCounter
{
    Enrolled,
    UnobservedSockets,
    UnobservedBytes,
    Overflowed,
    LostFlows,
    LostBytes,
    StorageFailed,
    UnseenEnds,
    Count,
}
