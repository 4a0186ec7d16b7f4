namespace Caretta.Node.Forward;

/// <summary>What a shard's word on what it holds means to the outbox.</summary>
public enum HeldOutcome
{
    /// <summary>Of a batch nobody waits for, or of a shard that is not there.</summary>
    Ignored,

    /// <summary>The shard is ready for batches.</summary>
    Opened,

    /// <summary>As before, but it had a batch in flight, which counts as unsent.</summary>
    Reopened,

    Acknowledged,

    /// <summary>The journal was put back to an earlier state: everything of that shard is sent again.</summary>
    HoldsLess,

    /// <summary>Nobody of this ledger ever sent that much: it was rolled back, or cloned. A new incarnation is needed.</summary>
    HoldsMoreThanSent,
}
