using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Index;

internal sealed record NaiveClaim(Subject Subject, NaiveObject Holder, int Seen)
{
    public int Until { get; set; } = int.MaxValue;
}
