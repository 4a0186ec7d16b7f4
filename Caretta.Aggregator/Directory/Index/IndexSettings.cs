namespace Caretta.Aggregator.Directory.Index;

internal sealed record IndexSettings
{
    /// <summary>Off: pods are workloads of their own, and bear the name of the topmost controller as their owner.</summary>
    public bool ClimbOwners { get; init; } = true;

    /// <summary>How far back the index answers, and how long after its end the last holder of an address is still named.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a controller is waited for that something refers to and no watch has told of.</summary>
    public TimeSpan OwnerPatience { get; init; } = TimeSpan.FromSeconds(5);
}
