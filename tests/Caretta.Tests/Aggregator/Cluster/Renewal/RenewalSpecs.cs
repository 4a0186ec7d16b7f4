using Caretta.Aggregator.Cluster.Renewal;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Cluster.Renewal;

/// <summary>A renewed certificate goes once round a cluster.</summary>
public sealed class RenewalSpecs : IAsyncDisposable
{
    private static readonly RenewalSettings Quick = RenewalSettings.Default with { Settled = TimeSpan.Zero, Quiet = TimeSpan.FromSeconds(1) };

    private readonly string _seeds = MemberUnderTest.FreeSeeds(3);
    private readonly List<(int Seat, MemberUnderTest Member, OldCertificate Certificate)> _members = [];
    private readonly List<int> _restarted = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, member, _) in _members)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_member_restarts_once_the_oldest_first_and_never_two_at_one_time()
    {
        for (var seat = 0; seat < 3; seat++)
        {
            await StartAsync(seat);
        }

        await UntilAllSeeAllAsync();
        _members.ForEach(one => one.Certificate.Renewed = true);
        for (var round = 0; round < 3; round++)
        {
            await MemberUnderTest.UntilAsync(() => _members.Exists(IsEnding));
            var ending = Assert.Single(_members, IsEnding);
            _restarted.Add(ending.Seat);
            await ending.Member.Cluster.LeaveAsync(Cancel);
            Assert.Single(_members, IsEnding);
            _members.Remove(ending);
            await ending.Member.DisposeAsync();
            await StartAsync(ending.Seat);
            await UntilAllSeeAllAsync();
        }

        Assert.Equal(0, _restarted[0]); // the first of the seeds began the cluster
        Assert.Equal([0, 1, 2], _restarted.Order());
        Assert.DoesNotContain(_members, IsEnding);
    }

    private static bool IsEnding((int Seat, MemberUnderTest Member, OldCertificate Certificate) one) => one.Member.Life.ApplicationStopping.IsCancellationRequested;

    private async Task StartAsync(int seat)
    {
        var certificate = new OldCertificate();
        var member = await MemberUnderTest.StartAsync(
            _seeds,
            seat,
            services => services.AddSingleton<IShownCertificate>(certificate).AddSingleton(Quick),
            change: options => options.RestartOnRenewal = true);
        _members.Add((seat, member, certificate));
        member.Database.BecomeReady();
    }

    private Task UntilAllSeeAllAsync() => MemberUnderTest.UntilAsync(() => _members.TrueForAll(one => one.Member.Sees(_members.Count)));
}
