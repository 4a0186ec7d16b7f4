using Caretta.Aggregator.Journal.Database;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A journal's database as the product opens it, and a way to look into it past the product.</summary>
internal interface IJournalUnderTest : IDisposable
{
    IJournalDatabase Database { get; }

    /// <summary>One number.</summary>
    long Ask(string sql);
}
