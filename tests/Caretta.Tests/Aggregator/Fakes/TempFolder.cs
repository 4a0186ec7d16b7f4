namespace Caretta.Tests.Aggregator.Fakes;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("caretta-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
