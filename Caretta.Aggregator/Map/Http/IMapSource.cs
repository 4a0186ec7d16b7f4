using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Http;

/// <summary>Where the map comes from.</summary>
internal interface IMapSource
{
    /// <summary>Not older than a refresh. From then on somebody looks.</summary>
    Task<MapModel> LookAsync(CancellationToken cancel);
}
