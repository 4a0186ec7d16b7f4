namespace Caretta.Aggregator.Ingress;

/// <summary>Why an aggregator ends a stream that kept the rules: the label <c>reason</c>.</summary>
internal static class StreamEnd
{
    public const string Stopping = "stopping";
    public const string Age = "age";
    public const string TakenOver = "taken_over";
    public const string SlowReader = "slow_reader";
    public const string Unanswered = "unanswered";

    public static IReadOnlyList<string> All { get; } = [Stopping, Age, TakenOver, SlowReader, Unanswered];
}
