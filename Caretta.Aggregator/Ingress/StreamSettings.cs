namespace Caretta.Aggregator.Ingress;

/// <param name="AnswerWithin">How long a shard may leave a batch unanswered before it is opened again.</param>
internal sealed record StreamSettings(int ShardCount, TimeSpan AnswerWithin, string Member, string Version)
{
    /// <summary>A stream so old ends, give or take a fifth, so that agents spread over members that came since.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Live streams of this member.</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>From the beginning of a call to its first message.</summary>
    public TimeSpan HelloWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the node's name is granted: an agent waits for half a minute, and another member may do better.</summary>
    public TimeSpan ClaimWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The first and the longest pause after which a claim or the opening of a shard is repeated. Long enough that a member which is slow, with a
    /// thousand agents that come at once, is not asked the same again before it could answer.
    /// </summary>
    public TimeSpan RepeatFirst { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan RepeatLast { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often an agent is told that shards are waited for.</summary>
    public TimeSpan TellWaiting { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages to an agent that has not read them: several times what the rules let it cause, and some for the directory.</summary>
    public int OutgoingCapacity => (4 * ShardCount) + 32;

    /// <summary>Between four and six fifths of the most.</summary>
    public TimeSpan AgeOf(Random random) => MaxAge * (0.8 + (random.NextDouble() * 0.4));

    /// <summary>Doubling, between half and all of it.</summary>
    public TimeSpan RepeatAfter(int repeats, Random random)
    {
        var longest = Math.Min(RepeatFirst.TotalMilliseconds * Math.Pow(2, Math.Min(repeats, 16)), RepeatLast.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (random.NextDouble() / 2)));
    }
}
