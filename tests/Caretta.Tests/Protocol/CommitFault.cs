namespace Caretta.Tests.Protocol;

/// <summary>What becomes of a write into the journal.</summary>
internal enum CommitFault
{
    None,
    NotPersisted,

    /// <summary>The journal has it, but nobody hears of it.</summary>
    AnswerLost,
}
