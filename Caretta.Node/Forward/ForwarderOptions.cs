namespace Caretta.Node.Forward;

/// <summary>Where reports go and how patiently.</summary>
/// <param name="PollInterval">Told to the aggregator: a source silent for three of them has no live connections any more.</param>
public sealed record ForwarderOptions(IReadOnlyList<Uri> Aggregators, TimeSpan PollInterval, string Version)
{
    /// <summary>Without TLS nobody has proven to be an aggregator: then nobody may have this host unloaded.</summary>
    public bool Obeys { get; init; }

    public int MaxReportsPerBatch { get; init; } = 2000;

    /// <summary>
    /// How long an aggregator may say nothing at all while an answer is owed. A shard whose journal is away is no such silence: the aggregator
    /// then says that it waits.
    /// </summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause before another aggregator is tried: the agents of one that died do not all come in the same instant.</summary>
    public TimeSpan SpreadOver { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A stream that lasted so long was a good one: what ends it is no reason to pause for longer than before.</summary>
    public TimeSpan SettledAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the aggregator refused this node's name.</summary>
    public TimeSpan PauseAfterRefusal { get; init; } = TimeSpan.FromSeconds(30);
}
