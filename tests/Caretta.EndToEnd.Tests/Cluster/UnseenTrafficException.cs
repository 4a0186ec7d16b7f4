namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// All sound agents of the one kernel miss the same connections' ends, none has more than what the applications sent, and everything else is exact:
/// what changes that were hidden from all programs would look like, and hardly anything that an agent or a member does of its own.
/// </summary>
internal sealed class UnseenTrafficException(string message, Exception cause) : Exception(message, cause);
