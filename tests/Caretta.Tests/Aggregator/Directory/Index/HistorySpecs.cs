using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>From when on a silence of the index means that nobody was there, and what lists do to what is known.</summary>
public class HistorySpecs
{
    private const string Ip = "10.0.0.1";

    private static readonly ObjectKind[] Holding = [ObjectKind.Pod, ObjectKind.Node, ObjectKind.Service, ObjectKind.EndpointSlice];

    public static TheoryData<string> HoldingKinds => [.. Holding.Select(kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(HoldingKinds))]
    public void Before_all_kinds_that_have_addresses_are_listed_nobody_is_not_an_answer(string lastKind)
    {
        var last = Enum.Parse<ObjectKind>(lastKind);
        var cluster = new SmallCluster();
        foreach (var kind in Holding.Where(kind => kind != last))
        {
            cluster.List(kind, mayHaveMissed: false);
        }

        Assert.Equal("NotInHistory", cluster.At(10).Who(Ip));
        Assert.Equal(["0: NotInHistory", "10: Nobody"], cluster.List(last, mayHaveMissed: false).History(Ip, 0));
    }

    [Fact]
    public void A_list_that_has_not_come_to_its_end_begins_no_history()
    {
        var cluster = new SmallCluster();
        Array.ForEach(Holding, kind => cluster.Index.BeginList(kind, mayHaveMissed: false, cluster.Now));

        Assert.Equal("NotInHistory", cluster.Who(Ip));
    }

    [Fact]
    public void A_kind_that_may_not_be_seen_is_not_waited_for()
    {
        var cluster = new SmallCluster();
        Array.ForEach(Holding[1..], kind => cluster.List(kind, mayHaveMissed: false));
        cluster.Index.KindUnavailable(ObjectKind.Pod, cluster.Now);
        Assert.Equal("Nobody", cluster.Who(Ip));

        cluster.Index.KindAvailable(ObjectKind.Pod);
        Assert.Equal("NotInHistory", cluster.Who(Ip));
    }

    [Fact]
    public void A_complete_list_shows_that_its_kind_may_be_seen()
    {
        var cluster = SmallCluster.Listed();
        cluster.Index.KindUnavailable(ObjectKind.Pod, cluster.Now);

        Assert.Equal(["0: NotInHistory", "10: Nobody"], cluster.At(10).List(ObjectKind.Pod, mayHaveMissed: false).History(Ip, 0));
    }

    [Fact]
    public void A_pod_older_than_the_history_has_its_address_since_its_creation()
    {
        var cluster = SmallCluster.Listed(Pod("a", -3600, Ip));

        Assert.Equal(["-7200: NotInHistory", "-3600: shop/Pod/a"], cluster.History(Ip, -7200));
    }

    [Fact]
    public void What_came_and_went_while_a_watch_was_interrupted_was_never_seen()
    {
        var cluster = SmallCluster.Listed().At(10).List(ObjectKind.Pod, mayHaveMissed: true);

        Assert.Equal(["0: NotInHistory", "10: Nobody"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_list_begun_anew_may_have_missed_what_the_one_broken_off_may_have_missed()
    {
        var cluster = SmallCluster.Listed().At(10);
        cluster.Index.BeginList(ObjectKind.Pod, mayHaveMissed: true, cluster.Now);

        Assert.Equal("Nobody", cluster.WhoAt(Ip, 5));
        Assert.Equal("NotInHistory", cluster.At(11).List(ObjectKind.Pod, mayHaveMissed: false).WhoAt(Ip, 5));
    }

    [Fact]
    public void A_list_that_has_missed_nothing_leaves_the_history_as_it_is() =>
        Assert.Equal(["0: Nobody"], SmallCluster.Listed().At(10).List(ObjectKind.Pod, mayHaveMissed: false).History(Ip, 0));

    [Fact]
    public void A_list_of_controllers_does_not_move_the_history() =>
        Assert.Equal(["0: Nobody"], SmallCluster.Listed().At(10).List(ObjectKind.ReplicaSet, mayHaveMissed: true).History(Ip, 0));

    [Fact]
    public void The_history_is_a_retention_long() =>
        Assert.Equal(["0: NotInHistory", "100: Nobody"], SmallCluster.Listed().At(1000).History(Ip, 0));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_list_does_not_name_is_deleted_at_its_end(bool mayHaveMissed)
    {
        var cluster = SmallCluster.Listed(Pod("a", Ip), Pod("b", "10.0.0.2")).At(10).List(ObjectKind.Pod, mayHaveMissed, Pod("b", "10.0.0.2"));

        Assert.Equal("shop/Pod/a", cluster.At(909).Who(Ip));
        Assert.NotEqual("shop/Pod/a", cluster.At(910).Who(Ip));
        Assert.Equal("shop/Pod/b", cluster.Who("10.0.0.2"));
    }

    [Fact]
    public void A_list_deletes_only_objects_of_its_kind()
    {
        var cluster = SmallCluster.Listed(NodeNamed("n", Ip), Service("s", "10.0.0.2"), Endpoints("e", "x", "10.0.0.3"), Controller(ObjectKind.Job, "j"));
        cluster.At(10).List(ObjectKind.Pod, mayHaveMissed: true).List(ObjectKind.CronJob, mayHaveMissed: true);

        Assert.Equal(4, cluster.Index.Counts.Objects.Values.Sum());
    }

    [Theory]
    [InlineData("Pod")]
    [InlineData("Node")]
    [InlineData("Service")]
    [InlineData("EndpointSlice")]
    [InlineData("ReplicaSet")]
    public void An_empty_list_deletes_all_objects_of_its_kind(string name)
    {
        var kind = Enum.Parse<ObjectKind>(name);
        var cluster = SmallCluster.Listed(
            Pod("a", "10.0.0.4"), NodeNamed("n", Ip), Service("s", "10.0.0.2"), Endpoints("e", "x", "10.0.0.3"), Controller(ObjectKind.ReplicaSet, "r"));
        Assert.Equal(1, cluster.Index.Counts.Objects[kind]);

        cluster.At(10).List(kind, mayHaveMissed: false);
        Assert.Equal(0, cluster.Index.Counts.Objects[kind]);
        Assert.Equal(4, cluster.Index.Counts.Objects.Values.Sum());
    }

    [Fact]
    public void An_object_changed_before_the_list_began_is_not_thereby_named_by_it()
    {
        var cluster = SmallCluster.Listed(Pod("a", Ip)).At(5).Put(Pod("a", Ip)).At(10).List(ObjectKind.Pod, mayHaveMissed: true);

        Assert.Equal(0, cluster.Index.Counts.Objects[ObjectKind.Pod]);
    }

    [Fact]
    public void Forgetting_changes_no_answer_within_the_history()
    {
        var (kept, expired) = (Ended(), Ended());
        for (var second = 0; second < 3600; second += 60)
        {
            expired.Index.Expire(Second(second));
            Assert.Equal(kept.At(second).History(Ip, second - 899), expired.At(second).History(Ip, second - 899));
        }

        static SmallCluster Ended() => SmallCluster.Listed(Pod("a", Ip)).At(10).Delete(ObjectKind.Pod, "a");
    }
}
