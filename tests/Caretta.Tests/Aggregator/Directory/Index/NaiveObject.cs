using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>An object as it was told last, and what it was called since when.</summary>
internal sealed class NaiveObject(ClusterObject told, int now)
{
    public ClusterObject Told { get; set; } = told;

    public int Since { get; } = Math.Min((int)told.CreatedAt.TotalSeconds, now);

    public bool Exists { get; set; } = true;

    public int DeletedAt { get; set; }

    public int? FinishedAt { get; set; }

    public bool Listed { get; set; }

    public int OwnerSeen { get; set; } = now;

    /// <summary>Null is waiting. Never empty once decided.</summary>
    public List<(int From, string? Name)> Names { get; } = [];

    /// <summary>What it has been called at that time; before, what it was called first.</summary>
    public string? NameAt(int time) => Names.Where((name, i) => i == 0 || name.From <= time).Last().Name;
}
