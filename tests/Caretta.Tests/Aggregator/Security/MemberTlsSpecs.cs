using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote;
using Akka.Remote.Transport.DotNetty;
using Caretta.FakeCluster;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>Who may speak to a member as a member: other actor systems try, over real sockets.</summary>
public sealed class MemberTlsSpecs : IAsyncLifetime
{
    private readonly List<ActorSystem> _systems = [];
    private SecuredAggregator _member = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Address Address => ((ExtendedActorSystem)_member.Services.GetRequiredService<ActorSystem>()).Provider.DefaultAddress;

    public async ValueTask InitializeAsync() => _member = await SecuredAggregator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate()));
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task Another_member_is_heard()
    {
        Assert.Equal("akka.ssl.tcp", Address.Protocol);
        Assert.True(await IsHeardAsync(_member.Authority.Member("member-2")));
    }

    [Fact]
    public async Task Nobody_else_is_and_each_is_counted()
    {
        using var stranger = new TestAuthority(_member.Folder, "stranger");
        var (yesterday, justNow) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddMinutes(-1));
        var heard = await Task.WhenAll(
            IsHeardAsync(stranger.Member("forged")),
            IsHeardAsync(_member.Authority.Node("node-a")), // an agent
            IsHeardAsync(_member.Authority.Issue("other", ["other"], TestAuthority.DialsAndIsDialled)),
            IsHeardAsync(_member.Authority.Issue("old", ["caretta-aggregator"], TestAuthority.DialsAndIsDialled, yesterday, justNow)),
            IsHeardAsync(null)); // without TLS
        Assert.Equal([false, false, false, false, false], heard);

        foreach (var reason in new[] { "untrusted", "purpose", "name", "expired" })
        {
            Assert.True(await _member.Metric("caretta_aggregator_member_refusals_total", ("reason", reason)) >= 1, reason);
        }

        Assert.True(await IsHeardAsync(_member.Authority.Member("member-2")));
    }

    [Fact]
    public async Task A_new_authority_counts_from_the_next_handshake_on()
    {
        using var second = new TestAuthority(_member.Folder, "second");
        var files = second.Member("member-2");
        Assert.False(await IsHeardAsync(files));
        await File.AppendAllTextAsync(_member.Authority.CaFile, await File.ReadAllTextAsync(second.CaFile, Cancel), Cancel);
        _member.LookAfterFiles();
        Assert.True(await IsHeardAsync(files));
    }

    [Fact]
    public async Task A_new_certificate_is_shown_to_agents_at_once_but_to_members_after_a_restart_and_that_is_told()
    {
        var before = await ShownAsync(_member.Ingress.Port);
        Assert.Equal(before, await ShownAsync(Address.Port!.Value));
        Assert.Equal(0, await _member.Metric("caretta_aggregator_restart_due"));

        _member.Authority.Member(); // over the old one's files
        _member.LookAfterFiles();
        Assert.NotEqual(before, await ShownAsync(_member.Ingress.Port));
        Assert.Equal(before, await ShownAsync(Address.Port!.Value));
        Assert.Equal(1, await _member.Metric("caretta_aggregator_restart_due"));
        Assert.Equal(1, await _member.Metric("caretta_aggregator_reloads_total", ("file", "certificate")));
    }

    [Fact]
    public async Task A_certificate_without_its_key_yet_is_not_taken_over_until_the_key_is_there()
    {
        var before = await ShownAsync(_member.Ingress.Port);
        var (certificate, key) = _member.Authority.Member("next");
        File.Copy(certificate, Path.Combine(_member.Folder, "member.crt"), overwrite: true);
        _member.LookAfterFiles();
        _member.LookAfterFiles();
        Assert.Equal(before, await ShownAsync(_member.Ingress.Port));
        Assert.Equal(1, await _member.Metric("caretta_aggregator_reload_failures_total", ("file", "certificate")));

        File.Copy(key, Path.Combine(_member.Folder, "member.key"), overwrite: true);
        _member.LookAfterFiles();
        Assert.NotEqual(before, await ShownAsync(_member.Ingress.Port));
    }

    private static X509Certificate2 Load((string Certificate, string Key) files) =>
        X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate), File.ReadAllText(files.Key));

    /// <summary>The serial number of the certificate that a member's certificate is shown there.</summary>
    private async Task<string> ShownAsync(int port)
    {
        using var mine = Load(_member.Authority.Member("visitor"));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [mine], AllowTlsResume = false }, Cancel);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    /// <summary>Whether an actor system of the members' name that shows this certificate, and believes anybody, gets an answer.</summary>
    private async Task<bool> IsHeardAsync((string Certificate, string Key)? files)
    {
        var setup = ActorSystemSetup.Empty.And(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
            akka.actor.provider = remote
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.remote.handshake-timeout = 60s
            akka.remote.dot-netty.tcp.connection-timeout = 60s
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, enable-ssl = {{(files is null ? "off" : "on")}} }
            """)));
        if (files is { } mine)
        {
            setup = setup.And(new DotNettySslSetup(Load(mine), suppressValidation: false, requireMutualAuthentication: true, customValidator: (_, _, _, _, _) => true));
        }

        var system = ActorSystem.Create("caretta", setup);
        _systems.Add(system);
        var heard = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var visitor = system.ActorOf(Props.Create(() => new Visitor(heard)));
        system.EventStream.Subscribe(visitor, typeof(AssociationErrorEvent));
        var address = files is null ? Address.WithProtocol("akka.tcp") : Address;
        system.ActorSelection($"{address}/system").Tell(new Identify(1), visitor);
        return await heard.Task.WaitAsync(Cancel);
    }

    private sealed class Visitor(TaskCompletionSource<bool> heard) : UntypedActor
    {
        /// <summary>Akka.Remote ends a system whose handshake failed, sometimes before it tells of the failure.</summary>
        protected override void PostStop() => heard.TrySetResult(false);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ActorIdentity { Subject: not null }: heard.TrySetResult(true); break;
                case AssociationErrorEvent: heard.TrySetResult(false); break;
                default: Unhandled(message); break;
            }
        }
    }
}
