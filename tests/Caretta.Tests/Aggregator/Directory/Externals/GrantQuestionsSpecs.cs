using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Tests.Aggregator.Directory.Externals;

public class GrantQuestionsSpecs
{
    [Fact]
    public void They_are_taken_in_the_order_in_which_they_came()
    {
        var questions = new GrantQuestions();
        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 2)));
        Assert.True(questions.TryAdd(Question("b", id: 1, pairs: 3)));
        Assert.Equal(["a", "b", null], new[] { questions.Take(), questions.Take(), questions.Take() }.Select(question => question?.Asker));
        Assert.Equal(0, questions.Pairs);
    }

    [Fact]
    public void One_that_is_asked_again_while_it_waits_waits_once()
    {
        var questions = new GrantQuestions();
        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 2)));
        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 2)));
        Assert.Equal(1UL, questions.Take()!.Ask.Id);
        Assert.Null(questions.Take());

        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 2))); // it has been answered since
        Assert.NotNull(questions.Take());
    }

    [Fact]
    public void Their_pairs_are_bounded_and_those_beyond_are_refused()
    {
        var questions = new GrantQuestions(maxPairs: 10);
        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 8)));
        Assert.False(questions.TryAdd(Question("b", id: 1, pairs: 1)));
        Assert.True(questions.TryAdd(Question("b", id: 2, pairs: 0)));
        Assert.False(questions.TryAdd(Question("c", id: 1, pairs: 0)));
        questions.Take();
        Assert.True(questions.TryAdd(Question("b", id: 1, pairs: 8)));
    }

    [Fact]
    public void One_that_is_larger_than_the_bound_is_taken_when_no_other_waits()
    {
        var questions = new GrantQuestions(maxPairs: 10);
        Assert.True(questions.TryAdd(Question("a", id: 1, pairs: 50)));
        Assert.False(questions.TryAdd(Question("b", id: 1, pairs: 0)));
    }

    private static GrantQuestion Question(string asker, ulong id, int pairs) => new(new AskGrants(id, new GrantPair[pairs]), asker);
}
