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

    /// <summary>It proved a name, but reports under another one.</summary>
    OtherName,
}
