using Caretta.Messages;
using Caretta.Node.Forward;

namespace Caretta.Tests.Protocol;

/// <summary>What is under way between an agent and the shards. Also an ended stream's batches may still arrive.</summary>
internal sealed class Stream(Source source)
{
    public Source Source => source;

    public List<OutboxBatch> Batches { get; } = [];

    public List<ShardAnswer> Answers { get; } = [];
}
