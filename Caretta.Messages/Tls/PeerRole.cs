namespace Caretta.Messages.Tls;

/// <summary>As what a peer presents its certificate: the purposes (extended key usages) the certificate must name.</summary>
public enum PeerRole
{
    /// <summary>serverAuth.</summary>
    Server,

    /// <summary>clientAuth.</summary>
    Client,

    /// <summary>Both: a member dials and is dialled. An agent's certificate, which has clientAuth alone, is no member's.</summary>
    Member,
}
