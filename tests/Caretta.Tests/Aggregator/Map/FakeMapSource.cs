using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Answers with what was last published.</summary>
internal sealed class FakeMapSource(MapFeed feed) : IMapSource
{
    public Task<MapModel> LookAsync(CancellationToken cancel) => Task.FromResult(feed.Current);
}
