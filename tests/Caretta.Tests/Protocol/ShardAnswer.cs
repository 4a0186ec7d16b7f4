namespace Caretta.Tests.Protocol;

internal sealed record ShardAnswer(int Shard, ulong Sequence, ulong BatchId, bool Retired);
