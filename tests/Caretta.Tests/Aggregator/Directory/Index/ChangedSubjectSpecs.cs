using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Whoever has asked hears when the answer has changed.</summary>
public class ChangedSubjectSpecs
{
    private const string One = "10.0.0.1";
    private const string Two = "10.0.0.2";

    [Fact]
    public void A_pod_that_is_added_changes_its_addresses_and_its_uids()
    {
        var cluster = SmallCluster.Listed().Put(Pod("a", One, Two) with { StaticUid = Uid("hash") });

        Assert.Equal(Set(Of(One), Of(Two), OfPod("a"), OfPod("hash")), Drained(cluster));
        Assert.Empty(cluster.Index.DrainChanged());
    }

    [Fact]
    public void An_object_told_of_again_as_it_was_changes_nothing()
    {
        ClusterObject[] objects =
        [
            Controller(ObjectKind.Deployment, "web"), Controller(ObjectKind.ReplicaSet, "web-1", Ref("Deployment", "web")),
            Pod("a", One).Of("ReplicaSet", "web-1").FinishedAt(0), Service("s", Two), NodeNamed("n", "10.0.0.3"), Endpoints("e", "x", "10.0.0.4"),
        ];
        var cluster = SmallCluster.Listed(objects);
        Drained(cluster);
        cluster.At(10).Put(objects);
        Array.ForEach(SmallCluster.AllKinds, kind => cluster.List(kind, mayHaveMissed: true, [.. objects.Where(listed => listed.Kind == kind)]));

        Assert.Empty(Drained(cluster));
    }

    [Fact]
    public void A_pod_that_changes_its_address_changes_both()
    {
        var cluster = SmallCluster.Listed(Pod("a", One));
        Drained(cluster);

        Assert.Equal(Set(Of(One), Of(Two)), Drained(cluster.At(10).Put(Pod("a", Two))));
    }

    [Fact]
    public void A_pod_that_is_deleted_changes_and_again_when_it_lingers_no_more()
    {
        var cluster = SmallCluster.Listed(Pod("a", One));
        Drained(cluster);
        Assert.Equal(Set(Of(One), OfPod("a")), Drained(cluster.At(10).Delete(ObjectKind.Pod, "a")));

        cluster.Index.Expire(Second(909.999));
        Assert.Empty(Drained(cluster));
        cluster.Index.Expire(Second(910));
        Assert.Equal(Set(Of(One), OfPod("a")), Drained(cluster));
    }

    [Fact]
    public void A_pod_that_finishes_changes_its_addresses()
    {
        var cluster = SmallCluster.Listed(Pod("a", One));
        Drained(cluster);

        Assert.Equal(Set(Of(One)), Drained(cluster.At(10).Put(Pod("a", One).FinishedAt(9))));
    }

    [Fact]
    public void A_controller_that_comes_changes_the_pods_below_it()
    {
        var cluster = SmallCluster.Listed(Pod("a", One).Of("ReplicaSet", "web-1"), Pod("b", Two));
        Drained(cluster);
        cluster.Put(Controller(ObjectKind.ReplicaSet, "web-1", Ref("Deployment", "web")));
        Assert.Empty(Drained(cluster));

        Assert.Equal(Set(Of(One), OfPod("a")), Drained(cluster.Put(Controller(ObjectKind.Deployment, "web"))));
    }

    [Fact]
    public void Patience_that_ends_changes_the_pods_that_are_named_then()
    {
        var cluster = SmallCluster.Listed(Pod("a", One).Of("ReplicaSet", "web-1"));
        Drained(cluster);
        cluster.Index.Expire(Second(5));

        Assert.Equal(Set(Of(One), OfPod("a")), Drained(cluster));
    }

    [Fact]
    public void What_is_counted_is_there_and_what_has_ended_is_a_tombstone_until_it_is_forgotten()
    {
        var cluster = SmallCluster.Listed(Pod("a", One), NodeNamed("n", Two)).At(10).Delete(ObjectKind.Pod, "a");
        Assert.Equal((0, 1, 2, 2), Counted());

        cluster.Index.Expire(Second(10 + 1800));
        Assert.Equal((0, 1, 1, 0), Counted());

        (int, int, int, int) Counted() => cluster.Index.Counts is { Objects: var objects } counts
            ? (objects[ObjectKind.Pod], objects[ObjectKind.Node], counts.Addresses, counts.Tombstones)
            : default;
    }

    private static HashSet<Subject> Set(params Subject[] subjects) => [.. subjects];

    private static Subject Of(string address) => Subject.Of(Address.Parse(address));

    private static Subject OfPod(string name) => Subject.OfPod(Uid(name));

    private static HashSet<Subject> Drained(SmallCluster cluster) => [.. cluster.Index.DrainChanged()];
}
