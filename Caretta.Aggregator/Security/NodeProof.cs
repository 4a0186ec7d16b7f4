namespace Caretta.Aggregator.Security;

/// <summary>Which node an agent has proven to speak for, and for how long that holds.</summary>
/// <param name="NodeName">Null where nothing need be proven: without TLS.</param>
/// <param name="Until">When it must be proven again.</param>
internal sealed record NodeProof(string? NodeName, DateTimeOffset Until)
{
    public static NodeProof NotAsked { get; } = new(null, DateTimeOffset.MaxValue);

    /// <summary>Whether asking for the proof again would be answered now. If not, the stream goes on meanwhile.</summary>
    public Func<CancellationToken, Task<bool>> CanBeProvenAgain { get; init; } = _ => Task.FromResult(true);

    /// <exception cref="UnprovenException">It is another node's.</exception>
    public void Require(string nodeName)
    {
        if (NodeName is not null && NodeName != nodeName)
        {
            throw new UnprovenException(
                Unproven.OtherName,
                $"The agent proved that it is node '{NodeName}', but reports as '{nodeName}'. Set its NodeName to the proven name, or give it the right certificate or token.");
        }
    }
}
