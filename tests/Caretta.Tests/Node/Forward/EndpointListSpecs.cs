using Caretta.Node.Forward;

namespace Caretta.Tests.Node.Forward;

public class EndpointListSpecs
{
    [Theory]
    [InlineData("http://a:7118", "http://a:7118/")]
    [InlineData(" http://a:7118 , https://b:7118,", "http://a:7118/ https://b:7118/")]
    [InlineData("http://a:7118,http://a:7118", "http://a:7118/")]
    [InlineData("http://[fd00::1]:7118", "http://[fd00::1]:7118/")]
    public void Addresses_are_separated_by_commas(string setting, string expected) =>
        Assert.Equal(expected, string.Join(' ', EndpointList.Parse(setting)));

    [Theory]
    [InlineData("", "It names no aggregator.")]
    [InlineData(" , ", "It names no aggregator.")]
    [InlineData("a:7118", "'a:7118' is no http:// or https:// address.")]
    [InlineData("http://a:7118,ftp://b", "'ftp://b' is no http:// or https:// address.")]
    [InlineData("http://", "'http://' is no http:// or https:// address.")]
    public void What_is_no_address_is_named(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => EndpointList.Parse(setting)).Message);

    [Fact]
    public void There_is_a_most()
    {
        var most = string.Join(',', Enumerable.Range(0, EndpointList.Most).Select(number => $"http://a{number}:7118"));
        Assert.Equal(EndpointList.Most, EndpointList.Parse(most).Count);
        Assert.Contains("are the most", Assert.Throws<FormatException>(() => EndpointList.Parse(most + ",http://b:1")).Message, StringComparison.Ordinal);
    }
}
