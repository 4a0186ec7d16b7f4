namespace Caretta.Tests.Node.Fakes;

/// <summary>A commit that throws: nobody can tell which of the two it was.</summary>
public enum CommitFault
{
    NothingWritten,
    EverythingWritten,
}
