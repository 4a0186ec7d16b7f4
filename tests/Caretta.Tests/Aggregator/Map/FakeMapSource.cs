using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Answers with what was last published.</summary>
internal sealed class FakeMapSource(MapFeed feed) : IMapSource
{
    /// <summary>It does not answer, and what it last did stands in.</summary>
    public bool IsLate { get; set; }

    public Task<MapModel> LookAsync(CancellationToken cancel) => Task.FromResult(IsLate ? feed.Current.AsItWas("this one") : feed.Current);
}
