using Caretta.Aggregator.Directory.Externals;
using CsCheck;
using static Caretta.Aggregator.Directory.Externals.GrantVerdict;

namespace Caretta.Tests.Aggregator.Directory.Externals;

public class ExternalGrantsSpecs
{
    private static readonly GrantSettings Three = new(MaxPerWorkload: 3, SnapshotEvery: 500, TimeSpan.FromHours(24));

    [Fact]
    public void A_workload_has_so_many_externals_and_no_more_and_another_workload_as_many()
    {
        var book = new GrantBook(Three);
        Assert.Equal([Granted, Granted, Granted, WorkloadFull, WorkloadFull], Ask(book, local: 1, 11, 12, 13, 14, 15));
        Assert.Equal([Granted, Granted, Granted], Ask(book, local: 2, 14, 15, 16));
        Assert.Equal((2, 6), (book.Grants.Workloads, book.Grants.Count));
    }

    [Fact]
    public void Within_one_event_as_well()
    {
        var book = new GrantBook(Three);
        Assert.Equal([Granted, Granted, Granted, WorkloadFull], new ulong[] { 11, 12, 13, 14 }.Select(external => book.Decide(1, external)));
        Assert.Equal([Granted, WorkloadFull], new ulong[] { 12, 14 }.Select(external => book.Decide(1, external)));
        book.Commit();
        Assert.Equal(3, book.Grants.Count);
    }

    [Fact]
    public void What_is_granted_stays_so_when_the_workload_is_full()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12, 13, 14);
        Assert.Equal([Granted, Granted, Granted, WorkloadFull], Ask(book, local: 1, 13, 12, 11, 14));
        Assert.Equal(3, book.Events);
    }

    [Fact]
    public void What_is_asked_for_every_hour_lives_for_ever_and_costs_an_event_every_quarter_of_its_life_at_most()
    {
        var book = new GrantBook(Three);
        for (var hour = 0; hour < 24 * 10; hour++)
        {
            Assert.Equal([Granted, Granted, Granted], Ask(book, local: 1, 11, 12, 13));
            book.Sweep();
            book.Pass(hours: 1);
        }

        Assert.Equal(3 + (4 * 10) - 1, book.Events);
        Assert.Equal(WorkloadFull, book.Ask(1, 14));
    }

    [Fact]
    public void What_nobody_asks_for_makes_room_when_it_is_needed()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12, 13);
        book.Pass(hours: 20);
        Ask(book, local: 1, 12);
        book.Pass(hours: 15);
        Assert.Equal(WorkloadFull, book.Ask(1, 14));
        book.Pass(hours: 1); // a day and a half since
        Assert.Equal([Granted, Granted, WorkloadFull, Granted], Ask(book, local: 1, 14, 15, 11, 12));
    }

    [Fact]
    public void What_nobody_asks_for_goes_and_takes_the_workload_with_it()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12);
        Ask(book, local: 2, 11);
        book.Pass(hours: 12);
        Ask(book, local: 2, 11);
        book.Pass(hours: 24);
        book.Sweep();
        Assert.Equal((1, 1), (book.Grants.Workloads, book.Grants.Count));
        Assert.Equal(Granted, book.Ask(2, 11));
    }

    [Fact]
    public void What_is_asked_for_before_it_goes_stays()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12, 13);
        book.Pass(hours: 40);
        Assert.Equal(
            [Granted, Granted, Granted, WorkloadFull], new ulong[] { 11, 14, 12, 13 }.Select(external => book.Decide(1, external)));
        book.Commit();
        Assert.Equal([11, 12, 14], book.All(book.Grants).Select(grant => grant.External));
    }

    [Fact]
    public void A_young_renewal_waits_for_the_next_event_and_an_old_one_must_be_written()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11);
        book.Pass(hours: 5.9);
        book.Decide(1, 11);
        Assert.Equal((0, false), (book.Draft.Size, book.Draft.MustBeWritten));
        book.Pass(hours: 0.1);
        book.Decide(1, 11);
        book.Decide(1, 11);
        Assert.Equal((1, false), (book.Draft.Size, book.Draft.MustBeWritten));
        book.Pass(hours: 6);
        book.Decide(1, 11);
        Assert.Equal((1, true), (book.Draft.Size, book.Draft.MustBeWritten));
    }

    [Fact]
    public void A_clock_that_was_set_back_ends_nothing()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12, 13);
        book.Pass(hours: -1000);
        book.Sweep();
        Assert.Equal([Granted, Granted, Granted, WorkloadFull], Ask(book, local: 1, 11, 12, 13, 14));
    }

    [Fact]
    public void The_cluster_has_so_many_workloads_and_grants_and_no_more()
    {
        var book = new GrantBook(Three with { MaxWorkloads = 2, MaxGrants = 4 });
        Assert.Equal([Granted, Granted, ClusterFull], new ulong[] { 1, 2, 3 }.Select(local => book.Decide(local, 11)));
        book.Commit();
        Assert.Equal([Granted, ClusterFull], new ulong[] { 1, 3 }.Select(local => book.Ask(local, 11)));
        Assert.Equal([Granted, Granted, ClusterFull], new ulong[] { 12, 13, 14 }.Select(external => book.Decide(external == 14 ? 2UL : 1, external)));
    }

    [Fact]
    public void A_lower_setting_takes_nothing_away_and_gives_nothing_more()
    {
        var book = new GrantBook(Three);
        Ask(book, local: 1, 11, 12, 13);
        book.Settings = Three with { MaxPerWorkload = 1 };
        book.Crash();
        Assert.Equal([Granted, Granted, Granted, WorkloadFull], Ask(book, local: 1, 11, 12, 13, 14));
    }

    [Fact]
    public void A_full_draft_leaves_the_rest_to_the_next()
    {
        var book = new GrantBook(maxPerWorkload: 10_000);
        for (var local = 1UL; local <= 5; local++)
        {
            for (var external = 1UL; external <= 10_000; external++)
            {
                book.Decide(local, external);
            }
        }

        book.Commit();
        book.Pass(hours: 36);
        book.Sweep();
        Assert.Equal(30_000, book.Grants.Count); // whole workloads, as many as it takes
        book.Sweep();
        book.Sweep();
        Assert.Equal(0, book.Grants.Count);
    }

    /// <summary>Steps: ask for a pair, let hours pass, sweep, crash. Against a list of when each was last granted.</summary>
    [Fact]
    public void No_workload_has_more_than_its_number_and_what_was_granted_holds_for_a_day_after_it_was_last_asked_for()
    {
        var ask = Gen.Select(Gen.ULong[1, 3], Gen.ULong[1, 6], (local, external) => (Local: local, External: external));
        var step = Gen.Select(Gen.Int[0, 9], ask, Gen.Double[0.1, 14], (kind, pair, hours) => (Kind: kind, Pair: pair, Hours: hours));
        step.Array[1, 120].Sample(steps =>
        {
            var book = new GrantBook(Three);
            var granted = new Dictionary<(ulong, ulong), DateTimeOffset>();
            foreach (var (kind, pair, hours) in steps)
            {
                switch (kind)
                {
                    case 0: book.Crash(); break;
                    case 1: book.Sweep(); break;
                    case 2: book.Pass(hours); break;
                    default: Check(book, granted, pair); break;
                }

                Assert.All(book.Grants.Rows, row => Assert.InRange(row.Value.Count, 1, 3));
                Assert.Equal(book.Grants.Count, book.Grants.Rows.Sum(row => row.Value.Count));
            }

            var (before, snapshot) = (book.All(book.Grants).ToList(), new ExternalGrants(book.Grants.Snapshot()));
            book.Crash();
            Assert.Equal(before, book.All(book.Grants));
            Assert.Equal(before, book.All(snapshot));
        });
    }

    private static void Check(GrantBook book, Dictionary<(ulong, ulong), DateTimeOffset> granted, (ulong Local, ulong External) pair)
    {
        var verdict = book.Ask(pair.Local, pair.External);
        if (granted.TryGetValue(pair, out var last) && book.Now - last < TimeSpan.FromHours(24))
        {
            Assert.Equal(Granted, verdict);
        }

        if (verdict == Granted)
        {
            granted[pair] = book.Now;
        }
        else
        {
            Assert.Equal(3, book.Grants.Row(pair.Local)!.Count); // there was no room
        }
    }

    private static IEnumerable<GrantVerdict> Ask(GrantBook book, ulong local, params ulong[] externals) =>
        [.. externals.Select(external => book.Ask(local, external))];
}
