namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>Where a journal is, or will be, whether a member uses it or not.</summary>
internal abstract class JournalPlace : IDisposable
{
    /// <summary>What the tool is told of it.</summary>
    public abstract string[] Switches { get; }

    /// <summary>With a member that uses it, until that is disposed.</summary>
    public abstract IJournalUnderTest Open();

    /// <summary>One number, or -1 if there is none.</summary>
    public abstract long Ask(string sql);

    /// <summary>As SQL writes bytes.</summary>
    public abstract string Bytes(byte[] bytes);

    public abstract void Dispose();
}
