using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Directory.Externals;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory;

public class ClusterDirectorySpecs
{
    private const string One = "10.0.0.1";
    private const string Two = "10.0.0.2";

    [Fact]
    public void Who_asks_is_answered_in_the_order_of_his_questions()
    {
        var under = Listed(Pod("a", One), Service("cart", Two));

        Assert.Equal(
            [$"{Two}: cart", $"{One}: a", $"{Subject.OfPod(Uid("a"))}: a"],
            under.Ask(under.Join(), At(Two), At(One), Subject.OfPod(Uid("a"))));
    }

    [Fact]
    public void Who_asks_is_told_of_changes_of_that_and_of_nothing_else()
    {
        var under = Listed();
        var client = under.Join();
        Assert.Equal([$"{One}: {One}"], under.Ask(client, At(One)));

        under.Directory.Changed(Service("cart", Two));
        Assert.Empty(client.TakeChanged());
        under.Directory.Changed(Service("shop", One));
        Assert.Equal([At(One)], client.TakeChanged());
        Assert.Equal([$"{One}: shop"], under.Tell(client, At(One)));
    }

    [Fact]
    public void Everybody_who_asked_is_told()
    {
        var under = Listed();
        var clients = Enumerable.Range(0, 3).Select(_ => under.Join()).ToList();
        clients.ForEach(client => under.Ask(client, At(One)));

        under.Directory.Changed(Pod("a", One));
        Assert.All(clients, client => Assert.Equal([At(One)], client.TakeChanged()));
    }

    [Fact]
    public void Who_has_asked_of_a_pod_is_told_of_it_when_its_name_comes()
    {
        var under = Listed();
        var (client, pod) = (under.Join(), Subject.OfPod(Uid("a")));
        Assert.Equal([$"{pod}: Nobody"], under.Ask(client, pod));

        under.Directory.Changed(Pod("a"));
        Assert.Equal([pod], client.TakeChanged());
    }

    [Fact]
    public void What_a_list_brings_and_what_it_ends_is_told()
    {
        var under = Listed(Service("cart", One));
        var client = under.Join();
        under.Ask(client, At(One), At(Two));

        under.Directory.ListBegins(ObjectKind.Service, mayHaveMissed: true);
        under.Directory.Listed(ObjectKind.Service, [Service("shop", Two)]);
        Assert.Equal([At(Two)], client.TakeChanged());
        under.Directory.ListEnds(ObjectKind.Service);
        Assert.Contains(At(One), client.TakeChanged());
    }

    [Fact]
    public void A_holder_that_is_remembered_no_longer_is_told_as_a_change()
    {
        var under = Listed(Service("cart", One));
        var client = under.Join();
        under.Ask(client, At(One));
        under.Directory.Deleted(ObjectKind.Service, Uid("cart"));
        Assert.Equal([$"{One}: cart"], under.Tell(client, At(One)));
        client.TakeChanged();

        under.Time.Pass(TimeSpan.FromMinutes(16));
        under.Directory.Expire();
        Assert.Equal([At(One)], client.TakeChanged());
        Assert.Equal([$"{One}: {One}"], under.Tell(client, At(One)));
    }

    [Fact]
    public void Who_has_forgotten_is_told_no_more_until_he_asks_again()
    {
        var under = Listed();
        var client = under.Join();
        under.Ask(client, At(One), At(Two));
        under.Directory.Forget(client, [At(One)]);

        under.Directory.Changed(Service("cart", One, Two));
        Assert.Equal([At(Two)], client.TakeChanged());
        Assert.Equal([$"{Two}: cart"], under.Tell(client, At(One), At(Two)));
        Assert.Equal([$"{One}: cart"], under.Ask(client, At(One)));
        under.Directory.Changed(Service("cart", Two));
        Assert.Equal([At(One)], client.TakeChanged());
    }

    [Fact]
    public void Who_has_left_is_told_nothing()
    {
        var under = new DirectoryUnderTest();
        var (gone, staying) = (under.Join(), under.Join());
        under.Ask(gone, At(One));
        under.Ask(staying, At(One));
        under.Directory.Leave(gone);

        under.ListAll(Pod("a", One));
        Assert.Empty(gone.TakeChanged());
        Assert.Empty(gone.TakeStates());
        Assert.Equal([At(One)], staying.TakeChanged());
        Assert.NotEmpty(staying.TakeStates());
        Assert.Empty(under.Tell(gone, At(One)));
    }

    [Fact]
    public void Who_asks_after_he_left_is_answered_and_not_kept()
    {
        var under = Listed(Pod("a", One));
        var client = under.Join();
        under.Directory.Leave(client);

        Assert.Equal([$"{One}: a"], under.Ask(client, At(One)));
        Assert.Equal(0, under.Directory.Figures.Subjects);
    }

    [Fact]
    public async Task A_group_names_an_address_that_nobody_has_and_no_other()
    {
        await using var externals = new ExternalNames(ExternalGroups.Parse("office=10.0.0.0/24"), together: false, reverse: null);
        var under = new DirectoryUnderTest(externals);
        under.ListAll(Service("cart", One));

        Assert.Equal([$"{One}: cart", $"{Two}: office"], under.Ask(under.Join(), At(One), At(Two)));
    }

    [Fact]
    public async Task A_better_name_of_an_external_is_told_as_a_change()
    {
        await using var dns = new FakeDnsServer();
        await using var externals = NamesFrom(dns, groups: "office=10.0.0.0/24");
        var under = new DirectoryUnderTest(externals);
        under.ListAll();
        var (client, other) = (under.Join(), under.Join());
        dns.Name(Address.Parse("192.0.2.1"), 300, "api.example");

        Assert.Equal([$"{One}: office", "192.0.2.1: 192.0.2.1"], under.Ask(client, At(One), At("192.0.2.1")));
        Assert.Equal(At("192.0.2.1"), await client.NextChangedAsync());
        Assert.Equal(["192.0.2.1: api.example"], under.Tell(client, At("192.0.2.1")));
        Assert.Empty(other.TakeChanged());
    }

    [Fact]
    public void More_subjects_than_a_stream_may_have_are_refused()
    {
        var under = Listed();
        var client = under.Join();
        var most = Enumerable.Range(0, NameQuestions.MaxSubjectsPerStream).Select(_ => Subject.OfPod(Guid.NewGuid())).ToArray();
        Assert.Equal(most.Length, under.Ask(client, most).Length);
        Assert.Single(under.Ask(client, most[0]));

        Assert.Throws<TooManySubjectsException>(() => under.Ask(client, At(One)));
        Assert.Single(under.Ask(under.Join(), At(One)));
        under.Directory.Leave(client);
        Assert.Equal(1, under.Directory.Figures.Subjects);
    }

    private static ExternalNames NamesFrom(FakeDnsServer dns, string groups)
    {
        var metrics = new ExternalMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        return new ExternalNames(ExternalGroups.Parse(groups), together: false, (isTaken, changed) =>
            new ReverseNames(new ReverseDns([dns.EndPoint], TimeSpan.FromMinutes(5)), isTaken, changed, metrics, TimeProvider.System));
    }
}
