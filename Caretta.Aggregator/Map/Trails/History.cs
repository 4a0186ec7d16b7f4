namespace Caretta.Aggregator.Map.Trails;

/// <summary>Rates of a link over the last hour, a step a minute.</summary>
/// <param name="From">The first step, in minutes of Unix time; the members' steps are the same minutes.</param>
/// <param name="Sent">Bytes a second; so long are the others, too.</param>
internal sealed record History(long From, IReadOnlyList<float> Sent, IReadOnlyList<float> Received, IReadOnlyList<float> Failed)
{
    public const int Steps = 60;
    public static readonly History None = new(0, [], [], []);

    /// <summary>Of one connection seen by both of its ends, each with its own word for sent: counted once.</summary>
    public static History Join(IReadOnlyCollection<History> clients, IReadOnlyCollection<History> servers) =>
        Combine([.. clients, .. servers.Select(server => new History(server.From, server.Received, server.Sent, server.Failed))], Math.Max);

    public static History Sum(IReadOnlyCollection<History> histories) => Combine(histories, (a, b) => a + b);

    /// <summary>Where one begins later than another it counts as nothing before.</summary>
    private static History Combine(IReadOnlyCollection<History> histories, Func<float, float, float> combine)
    {
        var some = histories.Where(history => history.Sent.Count > 0).ToList();
        if (some.Count == 0)
        {
            return None;
        }

        var end = some.Max(history => history.From + history.Sent.Count);
        var from = Math.Max(some.Min(history => history.From), end - Steps);
        float[] Over(Func<History, IReadOnlyList<float>> part)
        {
            var steps = new float[end - from];
            foreach (var history in some)
            {
                var rates = part(history);
                for (var at = Math.Max(0, from - history.From); at < rates.Count; at++)
                {
                    var step = history.From + at - from;
                    steps[step] = combine(steps[step], rates[(int)at]);
                }
            }

            return steps;
        }

        return new History(from, Over(history => history.Sent), Over(history => history.Received), Over(history => history.Failed));
    }
}
