using System.ComponentModel.DataAnnotations;
using Caretta.Messages.Settings;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Messages.Settings;

public class SettingsSpecs
{
    private const string Section = "Caretta:Sample";
    private readonly Switches _switches = new("sample", typeof(Sample), Section);

    [Fact]
    public void A_setting_is_given_by_switch_or_in_full()
    {
        Assert.Equal(4711, Read("--http-port=4711").HttpPort);
        Assert.Equal(4711, Read("--http-port", "4711").HttpPort);
        Assert.Equal(4711, Read("--Caretta:Sample:HttpPort=4711").HttpPort);
        Assert.Equal(7000, Read().HttpPort);
    }

    [Theory]
    [InlineData("--Caretta:Sample:HttpPrt=1", "HttpPrt", "HttpPort, Pause")]
    [InlineData("--http-port=99999", "Caretta:Sample:HttpPort", "65535")]
    [InlineData("--http-port=much", "Caretta:Sample:HttpPort", "much")]
    [InlineData("--pause=soon", "Caretta:Sample:Pause", "soon")]
    [InlineData("--htp-port=1", "--htp-port", "sample --help")]
    [InlineData("start", "start", "sample --help")]
    [InlineData("--http-port", "--http-port", "no value")]
    public void What_is_not_understood_is_named_and_never_becomes_a_default(string argument, string name, string remedy)
    {
        var refused = Assert.Throws<SettingException>(() => Read(argument));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    private Sample Read(params string[] args)
    {
        var configuration = new ConfigurationBuilder();
        _switches.AddTo(configuration, args);
        return SettingsSection.Read<Sample>(configuration.Build(), Section);
    }

    private sealed class Sample
    {
        [Range(0, 65535)]
        public int HttpPort { get; set; } = 7000;

        public TimeSpan Pause { get; set; }
    }
}
