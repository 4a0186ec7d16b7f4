using Caretta.Aggregator;
using Caretta.Aggregator.Journal.Database;
using Npgsql;

namespace Caretta.Tests.Aggregator.Journal.Database;

public class JournalSettingsSpecs
{
    private const string Complete = "Host=db;Database=caretta;Username=caretta";

    [Theory]
    [InlineData(JournalKind.PostgreSql, "", "Host, Database and Username")]
    [InlineData(JournalKind.PostgreSql, "Host=db", "Host, Database and Username")]
    [InlineData(JournalKind.PostgreSql, Complete + ";Pasword=secr3t", "Npgsql understands")]
    [InlineData(JournalKind.PostgreSql, Complete + ";Password=secr3t", "PostgreSqlPasswordFile")]
    [InlineData(JournalKind.PostgreSql, Complete + ";Timeout=secr3t", "Npgsql understands")]
    [InlineData(JournalKind.Sqlite, Complete, "Journal set to PostgreSql")]
    public void What_does_not_fit_together_is_refused_and_no_secret_is_repeated(JournalKind kind, string connection, string remedy)
    {
        var fault = JournalSettings.Fault(new AggregatorOptions { Journal = kind, PostgreSql = connection });
        Assert.Contains(remedy, fault!.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secr3t", fault.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("PostgreSql", Assert.Single(fault.MemberNames));
    }

    [Fact]
    public void A_file_of_this_machine_needs_no_settings_and_a_server_its_three() =>
        Assert.All(
            [new AggregatorOptions(), new AggregatorOptions { Journal = JournalKind.PostgreSql, PostgreSql = Complete }],
            options => Assert.Null(JournalSettings.Fault(options)));

    [Fact]
    public void Nothing_waits_without_bound_and_a_server_elsewhere_must_prove_itself()
    {
        var settings = PostgreSqlConnections.Settings(Complete);
        Assert.Equal((5, 8, SslMode.VerifyFull), (settings.Timeout, settings.CommandTimeout, settings.SslMode));
        Assert.Contains("idle_in_transaction_session_timeout=10s", settings.Options, StringComparison.Ordinal);
        Assert.Equal(SslMode.Prefer, PostgreSqlConnections.Settings("Host=127.0.0.1").SslMode);
    }

    [Fact]
    public void No_idle_connection_asks_the_server_in_a_thread_that_waits_for_the_answer()
    {
        var settings = PostgreSqlConnections.Settings(Complete);
        Assert.Equal((0, true), (settings.KeepAlive, settings.TcpKeepAlive));
    }

    [Fact]
    public void What_the_connection_string_says_counts()
    {
        var settings = PostgreSqlConnections.Settings(Complete + ";Timeout=3;Command Timeout=4;SSL Mode=Disable;Maximum Pool Size=7;Options=-c search_path=x");
        Assert.Equal((3, 4, SslMode.Disable, 7), (settings.Timeout, settings.CommandTimeout, settings.SslMode, settings.MaxPoolSize));
        Assert.EndsWith("-c search_path=x", settings.Options, StringComparison.Ordinal);
    }
}
