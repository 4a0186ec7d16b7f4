namespace Caretta.Aggregator.Security;

/// <summary>Why an agent has not proven which node it reports for.</summary>
internal enum Unproven
{
    /// <summary>Neither a certificate nor a token came.</summary>
    NoProof,
    CertificateUntrusted,
    CertificateExpired,
    CertificatePurpose,
    CertificateName,

    /// <summary>A token came, but this aggregator is not set up to ask about tokens.</summary>
    TokenNotTaken,
    TokenInvalid,
    TokenAudience,
    TokenUser,

    /// <summary>It does not say on which node.</summary>
    TokenNode,

    /// <summary>It proved a name, but reports under another one.</summary>
    OtherName,
}
