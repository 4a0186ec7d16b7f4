using System.Globalization;
using Npgsql;

namespace Caretta.TestServers;

/// <summary>
/// A real PostgreSQL server (Debian's package) with a data folder and a port of its own. It ends with whoever started it, also if that is killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>A role of this name must prove itself by a password; all others are trusted.</summary>
    public const string RoleWithPassword = "caretta_password";

    public const string Superuser = "postgres";

    private const int AloneOnItsHost = 5432;

    private readonly PostgresPrograms _programs;
    private readonly PostgresFolder _folder;
    private readonly PostgresSettings _settings;
    private bool _paused;

    private PostgresServer(PostgresPrograms programs, PostgresFolder folder, PostgresSettings settings) =>
        (_programs, _folder, _settings) = (programs, folder, settings);

    public int Port { get; private set; }

    public string Host => _settings.ListenAddress;

    /// <summary>As the superuser.</summary>
    public string AdminConnection => ConnectionString("postgres", Superuser);

    /// <exception cref="InvalidOperationException">It is not installed, or does not start; the message holds what it wrote.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresSettings? settings = null, CancellationToken cancel = default)
    {
        settings ??= new PostgresSettings();
        var programs = PostgresPrograms.Find(settings.NetworkNamespace);
        var server = new PostgresServer(programs, PostgresFolder.Make(programs), settings);
        try
        {
            await server.InitialiseAsync(cancel);
            await server.StartAgainAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Without pooling and without a password: for the tests' own questions, and as the aggregator's setting.</summary>
    public string ConnectionString(string database, string user) =>
        string.Create(CultureInfo.InvariantCulture, $"Host={Host};Port={Port};Database={database};Username={user}");

    /// <summary>Of the superuser, and as what the aggregators are to use.</summary>
    public async Task<string> CreateDatabaseAsync(string name, string owner = Superuser, CancellationToken cancel = default)
    {
        await AskAsync($"CREATE DATABASE \"{name}\" OWNER \"{owner}\"", cancel: cancel);
        return ConnectionString(name, owner);
    }

    /// <returns>The first value of the first row, if there is one.</returns>
    public async Task<object?> AskAsync(string sql, string database = "postgres", string user = Superuser, CancellationToken cancel = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, user) + ";Pooling=false");
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>After <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancel = default)
    {
        string[] start = ["-D", _folder.Data, "-l", _folder.Log, "-w", "-t", "300", "start"];
        await _programs.RunAsync("pg_ctl", start, cancel, whenFailed: _folder.ReadLog);
    }

    /// <summary>Clean: sessions are ended, everything is written.</summary>
    public Task StopAsync(CancellationToken cancel = default) =>
        _programs.RunAsync("pg_ctl", ["-D", _folder.Data, "-w", "-t", "300", "-m", "fast", "stop"], cancel);

    /// <summary>SIGKILL to all of its processes: only what was synced is left, if it was told to sync.</summary>
    public Task KillAsync(CancellationToken cancel = default) => _folder.KillAsync(cancel);

    /// <summary>SIGSTOP to all of its processes: connections stay and nobody answers.</summary>
    public void Pause()
    {
        _folder.Signal("STOP");
        _paused = true;
    }

    public void Resume()
    {
        _paused = false;
        _folder.Signal("CONT");
    }

    /// <returns>The file, which ends with the server.</returns>
    public async Task<string> DumpAsync(string database, CancellationToken cancel = default)
    {
        var file = _folder.NewFile("dump");
        await _programs.RunAsync("pg_dump", [.. Client, "-Fc", "-f", file, database], cancel);
        return file;
    }

    /// <summary>The database becomes what it was; whoever is connected to it loses the connection.</summary>
    public async Task RestoreAsync(string database, string dump, CancellationToken cancel = default)
    {
        await AskAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", cancel: cancel);
        await _programs.RunAsync("pg_restore", [.. Client, "--create", "-d", "postgres", dump], cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_paused)
        {
            Resume();
        }

        await _folder.DisposeAsync();
    }

    private string[] Client => ["-h", Host, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", Superuser];

    private async Task InitialiseAsync(CancellationToken cancel)
    {
        string[] make = ["-D", _folder.Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
        await _programs.RunAsync("initdb", make, cancel);
        Port = _settings.NetworkNamespace.Length > 0 ? AloneOnItsHost : FreePort.At(_settings.ListenAddress);
        await _folder.ConfigureAsync(
            $"""
            listen_addresses = '{_settings.ListenAddress}'
            port = {Port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = ''
            fsync = {(_settings.Fsync ? "on" : "off")}
            shared_buffers = {_settings.SharedBuffers}
            max_connections = 200
            {_settings.Extra}
            """,
            $"""
            host all {RoleWithPassword} all scram-sha-256
            host all all all trust
            """,
            cancel);
    }
}
