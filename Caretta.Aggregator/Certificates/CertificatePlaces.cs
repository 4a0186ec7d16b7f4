namespace Caretta.Aggregator.Certificates;

/// <summary>Where an installation keeps its certificates. All of it is there, empty, before the command runs: it may change, and not create.</summary>
/// <param name="Authority">Secret: ca.crt, ca.key, next.crt, next.key, previous.crt. Nobody but the command reads it.</param>
/// <param name="Member">Secret: tls.crt, tls.key, and in ca.crt whom to trust.</param>
/// <param name="BundleNamespace">Of <paramref name="Bundle"/>.</param>
/// <param name="Bundle">ConfigMap for the agents: ca.crt.</param>
/// <param name="Restart">The members' StatefulSet, which is rolled when they have a new certificate. Null: nothing is.</param>
internal sealed record CertificatePlaces(
    string Namespace, string Authority, string Member, string BundleNamespace, string Bundle, string? Restart);
