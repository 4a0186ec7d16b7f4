namespace Caretta.Aggregator;

/// <summary>What database the journal is kept in.</summary>
public enum JournalKind
{
    /// <summary>A file in the data folder: for one aggregator.</summary>
    Sqlite,

    /// <summary>A server that several aggregators share.</summary>
    PostgreSql,
}
