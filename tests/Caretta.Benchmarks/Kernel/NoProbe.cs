namespace Caretta.Benchmarks.Kernel;

/// <summary>Nothing attached. Measured twice in each round: how far the two are apart is what the others must exceed to mean something.</summary>
internal sealed class NoProbe(string name) : IProbe, IAttachedProbe
{
    public string Name => name;

    public IReadOnlyList<(string Name, int Id)> Programs => [];

    public IAttachedProbe Attach() => this;

    public void Poll()
    {
    }

    public void Dispose()
    {
    }
}
