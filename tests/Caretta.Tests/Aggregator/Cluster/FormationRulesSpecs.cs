using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Cluster.Formation;
using Caretta.Aggregator.Journal.Database;
using CsCheck;

namespace Caretta.Tests.Aggregator.Cluster;

public class FormationRulesSpecs
{
    private static readonly JournalIdentity Journal = new("one", Shared: true);

    private static readonly Gen<PeerView> AnyPeer = Gen.Select(
        Gen.Int[1, 5], Gen.Int[0, 3], Gen.Bool, (number, answer, ready) => new PeerView(new MemberAddress("10.0.0." + number, 7119), answer switch
        {
            0 => null,
            1 => new PeerAnswer(Journal, InCluster: false),
            2 => new PeerAnswer(Journal, InCluster: true),
            _ => new PeerAnswer(null, InCluster: false),
        }, ready));

    [Fact]
    public void Nobody_begins_a_cluster_beside_one_that_it_hears_of_or_that_somebody_may_be_in() =>
        Gen.Select(AnyPeer.List[0, 5], Gen.Int[1, 4], Gen.Bool).Sample((peers, quorum, mayFound) =>
        {
            var step = FormationRules.Decide(new FormationView(Journal, peers, quorum, mayFound ? null : "not now"));
            if (step is FormationStep.Found)
            {
                Assert.True(mayFound);
                Assert.DoesNotContain(peers, peer => peer.Answer is { InCluster: true });
                Assert.DoesNotContain(peers, peer => peer is { Answer: null, KnownReady: true });
                Assert.True(1 + peers.Count(peer => peer.Answer is not null) >= quorum);
            }
            else if (peers.Exists(peer => peer.Answer is { InCluster: true }))
            {
                Assert.IsType<FormationStep.Join>(step);
            }
        });

    [Fact]
    public void Of_a_list_that_is_cut_in_two_at_most_one_part_begins_a_cluster() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[0, 127]).Sample((count, cut) =>
        {
            List<MemberAddress> seeds = [.. Enumerable.Range(1, count).Select(number => new MemberAddress("10.0.0." + number, 7119))];
            var founders = seeds.Where((self, index) =>
            {
                var found = StaticPeers.Find(seeds, self);
                var peers = found.Peers.Select(peer => new PeerView(peer.Address, SameSide(index, seeds.IndexOf(peer.Address)) ? new PeerAnswer(Journal, false) : null));
                return FormationRules.Decide(new FormationView(Journal, [.. peers], found.Quorum, found.MayNotFound)) is FormationStep.Found;
            }).ToList();
            Assert.True(founders.Count <= 1);

            bool SameSide(int one, int other) => ((cut >> one) & 1) == ((cut >> other) & 1);
        });

    [Theory]
    [InlineData("another", true, true, "another journal")]
    [InlineData("one", false, true, "can have no other members")]
    [InlineData("one", true, false, "This member keeps its journal in SQLite")]
    public void Whose_journal_is_another_or_cannot_be_shared_is_refused(string id, bool shared, bool ownShared, string reason)
    {
        var peer = new PeerView(new MemberAddress("10.0.0.1", 7119), new PeerAnswer(new JournalIdentity(id, shared), InCluster: true));
        var step = FormationRules.Decide(new FormationView(Journal with { Shared = ownShared }, [peer], 1, null));
        Assert.Contains(reason, Assert.IsType<FormationStep.Refuse>(step).Reason, StringComparison.Ordinal);
    }
}
