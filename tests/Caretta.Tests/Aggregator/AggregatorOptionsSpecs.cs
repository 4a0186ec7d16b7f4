using Caretta.Aggregator;
using Caretta.Messages.Settings;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Aggregator;

public class AggregatorOptionsSpecs
{
    [Fact]
    public void Without_settings_everything_has_its_default()
    {
        var options = Read();
        Assert.Equal((7117, 7118, 7119, "127.0.0.1"), (options.HttpPort, options.IngressPort, options.RemotePort, options.ListenAddress));
        Assert.Equal((ExportedSeries.Full, TimeSpan.FromHours(24), 4096), (options.Exported, options.ExpireAfter, options.MaxLinksPerShard));
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read(
            ("HttpPort", "1"), ("IngressPort", "2"), ("RemotePort", "3"), ("ListenAddress", "::1"), ("DataFolder", "/data"),
            ("Exported", "links"), ("ExpireAfter", "01:00:00"), ("MaxLinksPerShard", "5"), ("SnapshotEvery", "6"), ("LogFormat", "JSON"));
        Assert.Equal((1, 2, 3, "::1"), (options.HttpPort, options.IngressPort, options.RemotePort, options.ListenAddress));
        Assert.Equal(("/data", ExportedSeries.Links, LogFormat.Json), (options.DataFolder, options.Exported, options.LogFormat));
        Assert.Equal((TimeSpan.FromHours(1), 5, 6), (options.ExpireAfter, options.MaxLinksPerShard, options.SnapshotEvery));
    }

    [Fact]
    public void An_unknown_setting_is_named_and_the_known_ones_are_listed()
    {
        var refusal = Refusal("HtpPort", "7117");
        Assert.Contains("Unknown setting Caretta:Aggregator:HtpPort", refusal, StringComparison.Ordinal);
        Assert.Contains("HttpPort, IngressPort", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpPort", "-1")]
    [InlineData("HttpPort", "65536")]
    [InlineData("IngressPort", "65536")]
    [InlineData("RemotePort", "-7")]
    [InlineData("ExpireAfter", "00:00:59")]
    [InlineData("ExpireAfter", "366.00:00:00")]
    [InlineData("MaxLinksPerShard", "0")]
    [InlineData("MaxLinksPerShard", "1000001")]
    [InlineData("SnapshotEvery", "0")]
    [InlineData("DataFolder", "")]
    [InlineData("ListenAddress", "localhost")]
    [InlineData("Exported", "7")]
    [InlineData("LogFormat", "7")]
    public void A_setting_out_of_range_is_named(string setting, string value)
    {
        Assert.Contains($"Setting Caretta:Aggregator:{setting} is wrong", Refusal(setting, value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpPort", "many")]
    [InlineData("ExpireAfter", "tomorrow")]
    [InlineData("Exported", "some")]
    [InlineData("LogFormat", "xml")]
    [InlineData("MaxLinksPerShard", "99999999999")]
    public void A_setting_that_cannot_be_read_is_named(string setting, string value)
    {
        Assert.Contains($"Caretta:Aggregator:{setting}", Refusal(setting, value), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ports_must_differ()
    {
        var refusal = Assert.Throws<SettingException>(() => Read(("HttpPort", "9000"), ("IngressPort", "9000")));
        Assert.Contains("ports must differ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_left_to_the_system_may_all_be_zero()
    {
        Assert.Equal(0, Read(("HttpPort", "0"), ("IngressPort", "0"), ("RemotePort", "0")).RemotePort);
    }

    private static string Refusal(string setting, string value) =>
        Assert.Throws<SettingException>(() => Read((setting, value))).Message;

    private static AggregatorOptions Read(params (string Setting, string Value)[] settings) => SettingsSection.Read<AggregatorOptions>(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create($"Caretta:Aggregator:{one.Setting}", (string?)one.Value)))
            .Build(),
        AggregatorOptions.Section);
}
