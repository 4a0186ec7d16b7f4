namespace Caretta.Node.Names;

/// <param name="Grace">
/// How long a directory that sees changes as they come must go on saying that nobody has an address until it is believed: a pod's address
/// carries traffic before the API server tells of it.
/// </param>
/// <param name="Capacity">Subjects known at one time.</param>
public sealed record BookSettings(TimeSpan Grace, int Capacity)
{
    /// <summary>How long an address goes on being its last holder's when its end was not told: the directory restarted meanwhile.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A subject not needed for so long is forgotten.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(15);
}
