namespace Caretta.Tests.Node.Fakes;

/// <summary>What a read may do to a flow that changes meanwhile.</summary>
public enum ReadFault
{
    Missed,
    Twice,

    /// <summary>First as it is at the end of the read, then as it was at its beginning.</summary>
    TwiceTheOlderLast,
}
