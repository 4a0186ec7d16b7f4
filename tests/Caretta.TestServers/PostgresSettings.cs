namespace Caretta.TestServers;

/// <param name="Fsync">Must be on where the server is killed and has to know what it acknowledged.</param>
/// <param name="ListenAddress">One address.</param>
/// <param name="Extra">More lines for postgresql.conf.</param>
public sealed record PostgresSettings(
    bool Fsync = true, string ListenAddress = "127.0.0.1", string SharedBuffers = "64MB", string Extra = "");
