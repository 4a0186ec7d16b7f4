using Caretta.Aggregator;
using Caretta.Aggregator.Directory.Watches;
using Caretta.Messages.Settings;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class ApiAccessSpecs
{
    [Fact]
    public void Without_settings_there_is_no_cluster() => Assert.Null(ApiAccess.Configuration(Read()));

    [Fact]
    public void Outside_a_cluster_the_service_account_is_missing_and_the_remedy_is_named()
    {
        var refused = Assert.Throws<StartRefusedException>(() => ApiAccess.Configuration(Read(("Kubernetes", "InCluster"))));
        Assert.Contains("automountServiceAccountToken", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Caretta:Aggregator:Kubernetes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kubeconfig_that_is_not_there_is_named()
    {
        var refused = Assert.Throws<StartRefusedException>(
            () => ApiAccess.Configuration(Read(("Kubernetes", "KubeConfig"), ("KubeConfigFile", "/nowhere/config"))));
        Assert.Contains("there is no file '/nowhere/config'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{[")]
    [InlineData("")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: gone\n")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: x, user: u}}]\nclusters: []\nusers: []\n")]
    public void A_kubeconfig_that_is_none_is_named(string text)
    {
        using var folder = new Fakes.TempFolder();
        var file = Path.Combine(folder.Path, "config");
        File.WriteAllText(file, text);
        var refused = Assert.Throws<StartRefusedException>(
            () => ApiAccess.Configuration(Read(("Kubernetes", "KubeConfig"), ("KubeConfigFile", file))));
        Assert.Contains($"{file} cannot be used", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kubeconfig_gives_address_and_credentials()
    {
        using var folder = new Fakes.TempFolder();
        var file = Path.Combine(folder.Path, "config");
        File.WriteAllText(file, """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: x, user: u}}]
            clusters: [{name: x, cluster: {server: "http://127.0.0.1:1/k8s"}}]
            users: [{name: u, user: {token: secret}}]
            """);
        var configuration = ApiAccess.Configuration(Read(("Kubernetes", "KubeConfig"), ("KubeConfigFile", file)))!;
        Assert.Equal(("http://127.0.0.1:1/k8s", "secret"), (configuration.Host, configuration.AccessToken));
    }

    [Theory]
    [InlineData("KubeConfigFile", "Kubernetes=KubeConfig")]
    [InlineData("KubeConfigFile", "Kubernetes=InCluster", "KubeConfigFile=/x")]
    [InlineData("ApiServer", "Kubernetes=ApiServer")]
    [InlineData("ApiServer", "ApiServer=http://127.0.0.1:8001")]
    [InlineData("ApiServer", "Kubernetes=ApiServer", "ApiServer=ftp://127.0.0.1")]
    [InlineData("ApiServer", "Kubernetes=ApiServer", "ApiServer=somewhere")]
    [InlineData("Kubernetes", "Kubernetes=7")]
    public void Settings_that_do_not_go_together_are_named(string named, params string[] settings)
    {
        var refused = Assert.Throws<SettingException>(() => Read([.. settings.Select(one => (one.Split('=')[0], one.Split('=')[1]))]));
        Assert.Contains($"Setting Caretta:Aggregator:{named} is wrong", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_alone_is_enough() => Assert.Equal(
        "http://127.0.0.1:8001/", ApiAccess.Configuration(Read(("Kubernetes", "ApiServer"), ("ApiServer", "http://127.0.0.1:8001")))!.Host);

    private static AggregatorOptions Read(params IEnumerable<(string Setting, string Value)> settings) => SettingsSection.Read<AggregatorOptions>(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create($"Caretta:Aggregator:{one.Setting}", (string?)one.Value)))
            .Build(),
        AggregatorOptions.Section);
}
