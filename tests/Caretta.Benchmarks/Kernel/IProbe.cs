namespace Caretta.Benchmarks.Kernel;

/// <summary>A way of counting that is attached to the kernel while load runs.</summary>
internal interface IProbe
{
    string Name { get; }

    /// <returns>Detaches it when disposed of.</returns>
    IAttachedProbe Attach();
}
