using Akka.Actor;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public class LedgerPauseSpecs : LedgerTestKit
{
    [Fact]
    public async Task A_shard_that_cannot_be_read_is_not_read_again_by_whoever_asks_but_after_a_pause()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await CannotBeReadAsync();
        for (var question = 0; question < 100; question++)
        {
            Ask();
        }

        Assert.Equal(typeof(RestingLedgerActor), await InPlaceOfLedgerAsync());
        Assert.Equal(1, Journalled.Metrics.PersistFailures.Value);

        Gate.ReadsFail = false;
        Journalled.Time.Pass(RecoveryPauses.Longest);
        await EventuallyAsync(() =>
        {
            Ask();
            return Agent.HasMessages;
        });
        Assert.Equal(7UL, (await AnswerAsync()).Sequence);
        Assert.Equal(1, Journalled.Metrics.PersistFailures.Value);
        Assert.True(Journalled.Recovered.All);
    }

    [Fact]
    public async Task A_shard_that_moves_while_it_is_left_alone_is_here_no_longer()
    {
        await CannotBeReadAsync();
        Assert.Equal(1, Journalled.Recovered.Here);

        var (pauses, recovered, gauges) = (Journalled.Pauses, Journalled.Recovered, new LinkGauges(Journalled.Metrics));
        var resting = Watch(Sys.ActorOf(Props.Create(() => new RestingLedgerActor(
            JournalledShard.Number, TimeSpan.FromHours(1), pauses, recovered, gauges))));
        resting.Tell(new LeaveShard());
        await ExpectTerminatedAsync(resting);
        Assert.Equal(0, Journalled.Recovered.Here);
        Assert.Null(Journalled.Pauses.Left(JournalledShard.Number));
    }

    private ActorSelection Ledger => Sys.ActorSelection(Shard.Path / "ledger");

    private void Ask() => Shard.Tell(new LedgerEnvelope(JournalledShard.Number, new OpenSource(Source, TimeSpan.FromSeconds(5))), Agent);

    /// <summary>A new process that finds the journal there, and nothing readable in it.</summary>
    private async Task CannotBeReadAsync()
    {
        Gate.ReadsFail = true;
        Watch(Shard);
        Sys.Stop(Shard);
        await ExpectTerminatedAsync(Shard);
        Begin();
        await EventuallyAsync(() => Journalled.Pauses.Left(JournalledShard.Number) is not null);
    }

    private async Task<Type> InPlaceOfLedgerAsync()
    {
        IActorRef? found = null;
        while (found is null)
        {
            Ask(); // what rests ends by itself
            found = (await Ledger.Ask<ActorIdentity>(new Identify(null), TestContext.Current.CancellationToken)).Subject;
        }

        return ((ActorRefWithCell)found).Underlying.Props.Type;
    }
}
