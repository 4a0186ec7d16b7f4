namespace Caretta.Aggregator.Directory.Index;

/// <summary>Who has an address that several claim: the highest.</summary>
internal enum ClaimRank : byte
{
    FinishedPod,
    Endpoints,
    Service,

    /// <summary>A pod that has not finished, or a node.</summary>
    Running,
}
