namespace Caretta.Demo;

/// <summary>Who calls whom, and how.</summary>
/// <param name="Client">A workload, as <c>namespace/name</c>, or an address outside the cluster.</param>
/// <param name="Server">As the client.</param>
/// <param name="PerSecond">Requests, of all of the client's pods together.</param>
/// <param name="Request">Bytes of one, on average.</param>
/// <param name="Response">Bytes of one, on average.</param>
internal sealed record Conversation(string Client, string Server, int Port, double PerSecond, int Request, int Response)
{
    /// <summary>So many requests go over one connection.</summary>
    public int RequestsPerConnection { get; init; } = 50;

    /// <summary>Nobody listens: every attempt is refused.</summary>
    public bool Fails { get; init; }
}
