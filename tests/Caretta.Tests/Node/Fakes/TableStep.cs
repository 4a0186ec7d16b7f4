namespace Caretta.Tests.Node.Fakes;

/// <summary>The calls of a flow table, each of which the kernel may refuse.</summary>
public enum TableStep
{
    Fold,
    Enrol,
    Read,
    Retire,
    Delete,
    ReadCounters,
    Detach,
    Remove,
}
