namespace Caretta.Aggregator.Ingress;

/// <param name="AnswerWithin">How long a shard may leave a batch or a question unanswered before the stream ends.</param>
internal sealed record StreamSettings(int ShardCount, TimeSpan AnswerWithin, string Member, string Version)
{
    /// <summary>Messages to an agent that has not read them: twice what the rules let it cause, and some for the directory.</summary>
    public int OutgoingCapacity => (2 * ShardCount) + 32;
}
