namespace Caretta.TestServers;

/// <param name="Fsync">Must be on where the server is killed and has to know what it acknowledged.</param>
/// <param name="ListenAddress">One address.</param>
/// <param name="Extra">More lines for postgresql.conf.</param>
/// <param name="NetworkNamespace">The file of the network namespace it runs in; empty for ours. Then we reach it at its address from here.</param>
public sealed record PostgresSettings(
    bool Fsync = true, string ListenAddress = "127.0.0.1", string SharedBuffers = "64MB", string Extra = "", string NetworkNamespace = "");
