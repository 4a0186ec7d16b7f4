namespace Caretta.Aggregator.Cluster;

internal sealed record Standing(bool Ready, string State, IReadOnlyList<string> Members, IReadOnlyList<string> Unreachable, bool OwnsLinks);
