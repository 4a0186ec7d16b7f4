namespace Caretta.Aggregator.Cluster.Renewal;

/// <param name="DueFor">How long a newer certificate has been lying there. Null: there is none.</param>
/// <param name="QuietFor">How long nothing has changed among the members.</param>
/// <param name="AllWell">This one and all the others are up, and everybody reaches everybody.</param>
/// <param name="IsOldest">Of the members.</param>
/// <param name="Members">There are now.</param>
/// <param name="Most">Members there have ever been while this one was.</param>
/// <param name="Left">Until the shown certificate ends.</param>
internal readonly record struct RenewalView(TimeSpan? DueFor, TimeSpan QuietFor, bool AllWell, bool IsOldest, int Members, int Most, TimeSpan Left);
