namespace Caretta.Benchmarks.Kernel;

internal interface IAttachedProbe : IDisposable
{
    /// <summary>The programs attached, as the kernel numbers them, with their names.</summary>
    IReadOnlyList<(string Name, int Id)> Programs { get; }

    /// <summary>What user space does about it once a poll.</summary>
    void Poll();
}
