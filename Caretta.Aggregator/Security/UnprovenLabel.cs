namespace Caretta.Aggregator.Security;

/// <summary>The value of the label <c>reason</c>; documented, so it does not follow a renamed member.</summary>
internal static class UnprovenLabel
{
    public static string Of(Unproven reason) => reason switch
    {
        Unproven.NoProof => "no_proof",
        Unproven.CertificateUntrusted => "certificate_untrusted",
        Unproven.CertificateExpired => "certificate_expired",
        Unproven.CertificatePurpose => "certificate_purpose",
        Unproven.CertificateName => "certificate_name",
        Unproven.TokenNotTaken => "token_not_taken",
        Unproven.TokenInvalid => "token_invalid",
        Unproven.TokenAudience => "token_audience",
        Unproven.TokenUser => "token_user",
        Unproven.TokenNode => "token_node",
        _ => "other_name",
    };
}
