using Caretta.Aggregator;
using Caretta.Aggregator.Hosting;
using Caretta.Messages.Settings;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Aggregator.Hosting;

public class CommandLineSpecs
{
    [Fact]
    public void Every_setting_has_a_switch_and_the_help_lists_it()
    {
        Assert.All(typeof(AggregatorOptions).GetProperties(), property =>
        {
            Assert.Contains($"Caretta:Aggregator:{property.Name}\n", CommandLine.Help, StringComparison.Ordinal);
        });
        Assert.Contains("  --max-links-per-shard ", CommandLine.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http-port", "9000")]
    [InlineData("--http-port=9000")]
    [InlineData("--Caretta:Aggregator:HttpPort=9000")]
    [InlineData("--Caretta:Aggregator:HttpPort", "9000")]
    [InlineData("--caretta:aggregator:httpport=9000")]
    public void A_setting_is_given_short_or_in_full(params string[] args)
    {
        Assert.Equal(9000, Read(args).HttpPort);
    }

    [Fact]
    public void Several_switches_are_read()
    {
        var options = Read("--data-folder", "/data", "--expire-after=02:00:00", "--log-format", "json", "--exported=links");
        Assert.Equal(("/data", TimeSpan.FromHours(2), LogFormat.Json), (options.DataFolder, options.ExpireAfter, options.LogFormat));
        Assert.Equal(ExportedSeries.Links, options.Exported);
    }

    [Theory]
    [InlineData("--htp-port=1", "--htp-port")]
    [InlineData("--port", "--port")]
    [InlineData("-p", "-p")]
    [InlineData("--carettas:Aggregator:HttpPort=1", "--carettas:Aggregator:HttpPort")]
    public void An_unknown_switch_is_named(string argument, string name)
    {
        Assert.Contains($"Unknown argument {name}.", Refusal(argument), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_in_full_is_named()
    {
        Assert.Contains("Unknown setting Caretta:Aggregator:HtpPort", Refusal("--Caretta:Aggregator:HtpPort=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_out_of_range_is_named_by_its_setting()
    {
        Assert.Contains("Caretta:Aggregator:HttpPort", Refusal("--http-port=70000"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_is_no_switch_and_no_value_is_named()
    {
        Assert.Contains("start", Refusal("start"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_without_a_value_is_named()
    {
        Assert.Contains("--http-port", Refusal("--http-port"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_level_may_be_set()
    {
        var configuration = Configuration("--Logging:LogLevel:Default=Debug");
        Assert.Equal("Debug", configuration["Logging:LogLevel:Default"]);
    }

    [Fact]
    public void The_version_is_a_plain_one()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+$", CommandLine.Switches.Version);
    }

    private static string Refusal(params string[] args) => Assert.Throws<SettingException>(() => Read(args)).Message;

    private static AggregatorOptions Read(params string[] args) =>
        SettingsSection.Read<AggregatorOptions>(Configuration(args), AggregatorOptions.Section);

    private static IConfiguration Configuration(params string[] args)
    {
        var configuration = new ConfigurationBuilder();
        CommandLine.Switches.AddTo(configuration, args);
        return configuration.Build();
    }
}
