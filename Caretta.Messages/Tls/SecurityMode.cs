namespace Caretta.Messages.Tls;

/// <summary>Whether a program's connections are encrypted and both ends prove who they are.</summary>
public enum SecurityMode
{
    Tls,

    /// <summary>Neither; for trials on loopback, and never by default.</summary>
    Off,
}
