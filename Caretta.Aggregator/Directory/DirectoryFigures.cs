using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>How the directory stands, at one moment.</summary>
/// <param name="Missing">Kinds whose first list is still to come.</param>
/// <param name="Subjects">Addresses and pods some agent is told of.</param>
internal sealed record DirectoryFigures(
    DirectoryState State,
    IReadOnlyList<ObjectKind> Missing,
    IReadOnlyList<ObjectKind> Forbidden,
    IReadOnlyList<ObjectKind> Interrupted,
    IndexCounts Counts,
    int Subjects);
