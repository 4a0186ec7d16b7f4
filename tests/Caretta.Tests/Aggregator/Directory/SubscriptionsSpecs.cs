using Caretta.Aggregator.Directory;
using Caretta.Messages;
using static Caretta.Tests.Aggregator.Directory.DirectoryUnderTest;

namespace Caretta.Tests.Aggregator.Directory;

public class SubscriptionsSpecs
{
    private static readonly Subject One = At("10.0.0.1");
    private static readonly Subject Two = At("10.0.0.2");

    private readonly Subscriptions _subscriptions = new();
    private readonly RecordingClient _first = new();
    private readonly RecordingClient _second = new();

    public SubscriptionsSpecs()
    {
        _subscriptions.Join(_first);
        _subscriptions.Join(_second);
    }

    [Fact]
    public void A_subject_has_the_clients_that_asked_about_it_each_once()
    {
        _subscriptions.Add(_first, One);
        _subscriptions.Add(_first, One);
        _subscriptions.Add(_second, One);
        _subscriptions.Add(_second, Two);

        Assert.Equal([_first, _second], _subscriptions.Of(One));
        Assert.Equal([_second], _subscriptions.Of(Two));
        Assert.Equal((true, false), (_subscriptions.Has(_first, One), _subscriptions.Has(_first, Two)));
        Assert.Equal(2, _subscriptions.Count);
    }

    [Fact]
    public void Who_joins_again_keeps_what_he_has()
    {
        _subscriptions.Add(_first, One);
        _subscriptions.Join(_first);

        Assert.True(_subscriptions.Has(_first, One));
        Assert.Equal(2, _subscriptions.Clients.Count());
    }

    [Fact]
    public void Nothing_is_kept_of_a_subject_that_nobody_asks_about_any_more()
    {
        _subscriptions.Add(_first, One);
        _subscriptions.Add(_second, One);
        _subscriptions.Remove(_first, One);
        _subscriptions.Remove(_first, One);
        Assert.Equal([_second], _subscriptions.Of(One));

        _subscriptions.Remove(_second, One);
        Assert.Empty(_subscriptions.Of(One));
        Assert.Equal(0, _subscriptions.Count);
    }

    [Fact]
    public void Who_leaves_takes_all_of_his_along_and_nothing_of_others()
    {
        _subscriptions.Add(_first, One);
        _subscriptions.Add(_first, Two);
        _subscriptions.Add(_second, Two);
        _subscriptions.Leave(_first);
        _subscriptions.Leave(_first);

        Assert.Equal([_second], _subscriptions.Clients);
        Assert.Equal([_second], _subscriptions.Of(Two));
        Assert.Equal((1, false), (_subscriptions.Count, _subscriptions.Has(_first, One)));
    }

    [Fact]
    public void Who_has_not_joined_is_not_kept()
    {
        var stranger = new RecordingClient();
        _subscriptions.Add(stranger, One);
        _subscriptions.Remove(stranger, One);

        Assert.Equal((0, false), (_subscriptions.Count, _subscriptions.Has(stranger, One)));
    }

    [Fact]
    public void Forgetting_makes_room_for_others()
    {
        Subject[] most = [.. Enumerable.Range(0, NameQuestions.MaxSubjectsPerStream).Select(_ => Subject.OfPod(Guid.NewGuid()))];
        Array.ForEach(most, subject => _subscriptions.Add(_first, subject));
        _subscriptions.Remove(_first, most[0]);
        _subscriptions.Add(_first, One);

        Assert.Throws<TooManySubjectsException>(() => _subscriptions.Add(_first, Two));
        Assert.Empty(_subscriptions.Of(Two));
        Assert.Equal(most.Length, _subscriptions.Count);
    }
}
