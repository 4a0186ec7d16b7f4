namespace Caretta.Node.Kernel;

/// <summary>A flow table that an earlier agent left pinned.</summary>
/// <param name="CurrentLayout">It can be gone on with; otherwise only its counts can be carried over.</param>
public sealed record FoundTable(Guid TableId, bool CurrentLayout);
