namespace Caretta.Aggregator.Security.Http;

internal enum Admission
{
    Granted,

    /// <summary>Nothing that could be judged came.</summary>
    Missing,
    Wrong,

    /// <summary>Too many passwords wait to be checked.</summary>
    Crowded,
}
