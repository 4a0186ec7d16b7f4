namespace Caretta.FakeCluster;

/// <summary>A whole response.</summary>
/// <param name="Headers">Besides those every response has.</param>
public sealed record Answer(int Status, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string>? Headers = null);
