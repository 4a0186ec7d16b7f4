namespace Caretta.Node.Forward;

/// <summary>Where reports go and how patiently.</summary>
/// <param name="PollInterval">Told to the aggregator: a source silent for three of them has no live connections any more.</param>
public sealed record ForwarderOptions(Uri Aggregator, TimeSpan PollInterval, string Version)
{
    public int MaxReportsPerBatch { get; init; } = 2000;

    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the aggregator refused this node's name.</summary>
    public TimeSpan PauseAfterRefusal { get; init; } = TimeSpan.FromSeconds(30);
}
