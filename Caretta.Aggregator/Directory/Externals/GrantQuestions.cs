namespace Caretta.Aggregator.Directory.Externals;

/// <summary>Questions that wait for the commit in flight; bounded by the pairs in them.</summary>
internal sealed class GrantQuestions(int maxPairs = GrantQuestions.MaxPairs)
{
    public const int MaxPairs = 500_000;

    private readonly Queue<GrantQuestion> _waiting = [];
    private readonly HashSet<(object Asker, ulong Id)> _known = [];

    public int Pairs { get; private set; }

    /// <returns>False: too many wait. A question that waits already waits once.</returns>
    public bool TryAdd(GrantQuestion question)
    {
        if (_known.Contains((question.Asker, question.Ask.Id)))
        {
            return true;
        }

        if (Pairs > 0 && Pairs + Weight(question) > maxPairs)
        {
            return false;
        }

        _known.Add((question.Asker, question.Ask.Id));
        _waiting.Enqueue(question);
        Pairs += Weight(question);
        return true;
    }

    /// <returns>Null: none waits.</returns>
    public GrantQuestion? Take()
    {
        if (!_waiting.TryDequeue(out var question))
        {
            return null;
        }

        _known.Remove((question.Asker, question.Ask.Id));
        Pairs -= Weight(question);
        return question;
    }

    /// <summary>A question without pairs takes room too.</summary>
    private static int Weight(GrantQuestion question) => question.Ask.Pairs.Count + 1;
}

/// <param name="Asker">Whom to answer; only carried.</param>
internal sealed record GrantQuestion(AskGrants Ask, object Asker);
