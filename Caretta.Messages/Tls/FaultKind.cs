namespace Caretta.Messages.Tls;

/// <summary>Why a peer's certificate proves nothing.</summary>
public enum FaultKind
{
    /// <summary>It does not chain to an authority we trust.</summary>
    Untrusted,

    /// <summary>It, or one of its issuers, is no longer or not yet valid.</summary>
    Expired,

    /// <summary>It is not meant for what it is used for.</summary>
    Purpose,

    /// <summary>It does not bear the name it should.</summary>
    Name,
}
