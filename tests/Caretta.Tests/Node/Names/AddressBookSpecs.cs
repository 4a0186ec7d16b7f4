using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Names;

public class AddressBookSpecs
{
    private static readonly Subject Cart = Subject.Of(Address.Parse("10.0.0.7"));
    private static readonly Workload First = new("shop", "Deployment", "first");
    private static readonly Workload Second = new("shop", "Deployment", "second");
    private static readonly DirectoryState Current = new(Enabled: true, Answers: true, Current: true);
    private static readonly DirectoryState Stale = Current with { Current = false };

    private readonly AddressBook _book = new(new BookSettings(Grace: Seconds(15), Capacity: 3));

    [Fact]
    public void Nothing_is_asked_while_nobody_answers()
    {
        Assert.Equal(Resolution.Wait, _book.Resolve(Cart, Seconds(100)));
        Assert.Empty(_book.TakeQuestions().Questions);
        _book.StateChanged(Current, Seconds(101));
        Assert.Single(_book.TakeQuestions().Questions);
    }

    [Fact]
    public void A_subject_is_asked_about_once_and_further_back_than_the_traffic()
    {
        Connect();
        _book.Resolve(Cart, Seconds(100));
        _book.Resolve(Cart, Seconds(99));
        _book.Resolve(Cart, Seconds(101));
        var asked = Assert.Single(_book.TakeQuestions().Questions);
        Assert.Equal(Cart, asked.Subject);
        Assert.True(asked.From < Seconds(99));

        _book.Resolve(Cart, Seconds(102));
        Assert.Empty(_book.TakeQuestions().Questions);
    }

    [Fact]
    public void Older_traffic_asks_again_further_back()
    {
        Connect();
        Tell(Cart, (Seconds(90), Knowledge.Held, First));
        Assert.Equal(Resolution.Wait, _book.Resolve(Cart, Seconds(20)));
        Assert.True(Assert.Single(_book.TakeQuestions().Questions).From < Seconds(20));
    }

    [Fact]
    public void Traffic_is_named_by_who_had_the_address_at_its_time()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First), (Seconds(200), Knowledge.Held, Second));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(199)).Holder);
        Assert.Equal(Second, _book.Resolve(Cart, Seconds(200)).Holder);
    }

    [Fact]
    public void A_change_told_unasked_is_taken_over_and_says_so()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        var version = _book.Version;
        _book.Learn([Answer(Cart, (Seconds(0), Knowledge.Held, First), (Seconds(120), Knowledge.Held, Second))], Seconds(121));
        Assert.NotEqual(version, _book.Version);
        Assert.Equal(Second, _book.Resolve(Cart, Seconds(121)).Holder);
    }

    [Fact]
    public void What_is_told_of_a_stranger_is_ignored()
    {
        Connect();
        _book.Learn([Answer(Cart, (Seconds(0), Knowledge.Held, First))], Seconds(100));
        Assert.Equal(0, _book.Count);
    }

    [Fact]
    public void Nobody_is_believed_after_the_grace()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Nobody, null));
        Assert.False(_book.Resolve(Cart, Seconds(100)).IsSettled);
        _book.Advance(Seconds(114.9));
        Assert.False(_book.Resolve(Cart, Seconds(100)).IsSettled);
        _book.Advance(Seconds(115));
        Assert.True(_book.Resolve(Cart, Seconds(100)).IsExternal);
    }

    [Fact]
    public void A_pod_told_of_within_the_grace_gets_the_traffic_before_it()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Nobody, null));
        _book.Advance(Seconds(110));
        Tell(Cart, (Seconds(0), Knowledge.Nobody, null), (Seconds(99), Knowledge.Held, First));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(100)).Holder);
    }

    [Fact]
    public void The_grace_does_not_run_while_the_directory_sees_no_changes_or_is_away()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Nobody, null));
        _book.StateChanged(Stale, Seconds(101));
        _book.Advance(Seconds(500));
        Assert.False(_book.Resolve(Cart, Seconds(100)).IsSettled);

        _book.StreamEnded(Seconds(501), Seconds(501));
        _book.Advance(Seconds(900));
        Assert.False(_book.Resolve(Cart, Seconds(100)).IsSettled);
    }

    [Fact]
    public void A_better_name_for_an_external_does_not_begin_the_grace_anew()
    {
        var named = new Workload("external", "external", "api.example.org");
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Nobody, null));
        _book.Advance(Seconds(114));
        Tell(Cart, (Seconds(0), Knowledge.Nobody, named));
        _book.Advance(Seconds(115));
        Assert.Equal(named, _book.Resolve(Cart, Seconds(100)).External);
    }

    [Fact]
    public void What_is_before_all_memory_is_unresolved_after_the_grace_and_never_external()
    {
        Connect();
        _book.Resolve(Cart, Seconds(50));
        _book.TakeQuestions();
        _book.Learn([Answer(Cart, (Seconds(40), Knowledge.NotInHistory, null), (Seconds(95), Knowledge.Nobody, null))], Seconds(100));
        Assert.False(_book.Resolve(Cart, Seconds(50)).IsSettled);
        _book.Advance(Seconds(115));
        Assert.Equal(Resolution.Unresolved, _book.Resolve(Cart, Seconds(50)));
        Assert.True(_book.Resolve(Cart, Seconds(96)).IsExternal);
    }

    [Fact]
    public void A_name_still_to_come_is_waited_for()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.NotYet, null));
        _book.Advance(Seconds(1000));
        Assert.Equal(Resolution.Wait, _book.Resolve(Cart, Seconds(100)));
    }

    [Fact]
    public void Without_a_stream_only_the_time_it_lasted_has_names()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        _book.StreamEnded(heardAt: Seconds(120), now: Seconds(130));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(120)).Holder);
        Assert.Equal(Resolution.Wait, _book.Resolve(Cart, Seconds(121)));
    }

    [Fact]
    public void Without_a_stream_no_answer_is_kept()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        _book.StreamEnded(Seconds(120), Seconds(130));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(120)).Holder);
        var version = _book.Version;
        _book.Advance(Seconds(135));
        Assert.NotEqual(version, _book.Version);
    }

    [Fact]
    public void After_a_stream_ended_a_subject_is_asked_about_again_from_its_end_on()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        _book.StreamEnded(Seconds(120), Seconds(120));
        _book.Resolve(Cart, Seconds(400));
        _book.StateChanged(Current, Seconds(401));
        Assert.True(Assert.Single(_book.TakeQuestions().Questions).From < Seconds(120));
    }

    [Fact]
    public void A_directory_that_forgot_leaves_an_address_to_its_last_holder()
    {
        Reconnect();
        _book.Learn([Answer(Cart, (Seconds(110), Knowledge.NotInHistory, null), (Seconds(395), Knowledge.Nobody, null))], Seconds(401));
        _book.Advance(Seconds(500));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(300)).Holder);
        Assert.Equal(First, _book.Resolve(Cart, Seconds(400)).Holder);
        Assert.True(_book.Resolve(Cart, Seconds(120) + TimeSpan.FromMinutes(15)).IsExternal);
    }

    [Fact]
    public void A_directory_that_forgot_names_the_new_holder_from_its_beginning_on()
    {
        Reconnect();
        _book.Learn([Answer(Cart, (Seconds(110), Knowledge.NotInHistory, null), (Seconds(300), Knowledge.Held, Second))], Seconds(401));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(299)).Holder);
        Assert.Equal(Second, _book.Resolve(Cart, Seconds(300)).Holder);
    }

    [Fact]
    public void A_directory_that_remembers_is_believed()
    {
        Reconnect();
        _book.Learn([Answer(Cart, (Seconds(110), Knowledge.Held, First), (Seconds(200), Knowledge.Nobody, null))], Seconds(401));
        _book.Advance(Seconds(500));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(199)).Holder);
        Assert.True(_book.Resolve(Cart, Seconds(200)).IsExternal);
    }

    [Fact]
    public void Changes_after_a_reconnection_do_not_forget_what_was_before()
    {
        Reconnect();
        TimelineEntry[] forgot = [new(Seconds(110), Knowledge.NotInHistory), new(Seconds(395), Knowledge.Nobody)];
        _book.Learn([new SubjectAnswer(Cart, new Timeline(forgot))], Seconds(401));
        _book.Learn([new SubjectAnswer(Cart, new Timeline([.. forgot, new(Seconds(410), Knowledge.Held, Second)]))], Seconds(411));
        Assert.Equal(First, _book.Resolve(Cart, Seconds(405)).Holder);
        Assert.Equal(Second, _book.Resolve(Cart, Seconds(410)).Holder);
    }

    [Fact]
    public void What_is_not_needed_is_forgotten_and_the_directory_is_told()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        _book.Advance(Seconds(100) + TimeSpan.FromMinutes(15));
        _book.Forget();
        Assert.Equal(0, _book.Count);
        Assert.Equal([Cart], _book.TakeQuestions().Forgotten);
    }

    [Fact]
    public void A_full_book_counts_what_it_does_not_look_up_and_makes_room_soon()
    {
        Connect();
        for (var host = 1; host <= 4; host++)
        {
            _book.Resolve(Subject.Of(Address.Parse($"10.0.1.{host}")), Seconds(100));
        }

        Assert.Equal((3, 1UL), (_book.Count, _book.Overflowed));
        _book.Advance(Seconds(130));
        _book.Forget();
        Assert.Equal(0, _book.Count);
        Assert.Empty(_book.TakeQuestions().Questions);
    }

    [Fact]
    public void The_last_holder_is_known_without_a_stream_too()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First), (Seconds(50), Knowledge.Nobody, null));
        _book.StreamEnded(Seconds(100), Seconds(100));
        Assert.Equal(First, _book.LastHolder(Cart));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static SubjectAnswer Answer(Subject subject, params (TimeSpan From, Knowledge Knowledge, Workload? Workload)[] entries) =>
        new(subject, new Timeline([.. entries.Select(entry => new TimelineEntry(entry.From, entry.Knowledge, entry.Workload))]));

    private void Connect() => _book.StateChanged(Current, Seconds(100));

    /// <summary>The first directory told of First from 0 on and went away at 120; another one was met at 400 and asked.</summary>
    private void Reconnect()
    {
        Connect();
        Tell(Cart, (Seconds(0), Knowledge.Held, First));
        _book.StreamEnded(Seconds(120), Seconds(120));
        _book.StateChanged(Current, Seconds(400));
        _book.Resolve(Cart, Seconds(300));
        Assert.Single(_book.TakeQuestions().Questions);
    }

    private void Tell(Subject subject, params (TimeSpan From, Knowledge Knowledge, Workload? Workload)[] entries)
    {
        _book.Resolve(subject, Seconds(100));
        _book.TakeQuestions();
        _book.Learn([Answer(subject, entries)], Seconds(100));
    }
}
