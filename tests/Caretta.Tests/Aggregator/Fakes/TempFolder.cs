namespace Caretta.Tests.Aggregator.Fakes;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("caretta-").FullName;

    public void Dispose() => System.IO.Directory.Delete(Path, recursive: true);
}
