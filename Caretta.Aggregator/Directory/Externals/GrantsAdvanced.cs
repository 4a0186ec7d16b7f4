namespace Caretta.Aggregator.Directory.Externals;

/// <summary>Event: grants were given, asked for again, or ended. It says all that changed, so that no setting changes what it means.</summary>
internal sealed record GrantsAdvanced(DateTimeOffset At, IReadOnlyList<GrantAdvance> Workloads);
