namespace Caretta.Aggregator.Certificates;

/// <summary>What an installation's certificates are at one time.</summary>
/// <param name="Previous">The authority before, PEM: what it issued may still be shown. Null: there is none.</param>
/// <param name="Authority">Issues. Null: nothing has been made yet.</param>
/// <param name="Next">Will issue once everybody has had time to learn of it.</param>
/// <param name="Member">The certificate that all members show.</param>
/// <param name="Renewals">How often <paramref name="Member"/> replaced another one.</param>
internal sealed record HeldCertificates(string? Previous, IssuedPem? Authority, IssuedPem? Next, IssuedPem? Member, int Renewals)
{
    public static HeldCertificates None { get; } = new(null, null, null, null, 0);

    /// <summary>Whom members and agents are to trust.</summary>
    public string Bundle => string.Concat(
        new[] { Previous, Authority?.Certificate, Next?.Certificate }.OfType<string>().Select(pem => pem.TrimEnd() + "\n"));
}
