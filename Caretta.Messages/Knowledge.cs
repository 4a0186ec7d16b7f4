namespace Caretta.Messages;

/// <summary>What the directory knows of a subject at one time. The numbers are the wire's.</summary>
public enum Knowledge
{
    /// <summary>A workload has it, or had it last and nobody since.</summary>
    Held = 1,

    /// <summary>Nobody has it, as far as everything is known that was told by then.</summary>
    Nobody = 2,

    /// <summary>The time is before the directory's memory begins, and what it knows of later does not answer.</summary>
    NotInHistory = 3,

    /// <summary>Somebody has it, but what it is to be called is still to come.</summary>
    NotYet = 4,
}
