namespace Caretta.Aggregator.Directory.Externals;

/// <param name="Name">Null unless <see cref="LookupOutcome.Named"/>.</param>
/// <param name="TimeToLive">As the server gave it; of no meaning without a name.</param>
internal readonly record struct ReverseAnswer(LookupOutcome Outcome, string? Name = null, TimeSpan TimeToLive = default)
{
    /// <summary>Nothing was learnt: whatever was known before still holds.</summary>
    public bool IsFailure => Outcome is LookupOutcome.TimedOut or LookupOutcome.Failed;
}
