using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Source = Caretta.Messages.Source;
using Wire = Caretta.Messages.Wire;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>The wire's end of an agent that has counted what a spec says it has.</summary>
internal sealed class ShopAgent : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<FromNode, FromAggregator> _call;
    private readonly SemaphoreSlim _turn = new(1);
    private ulong _lastBatch;
    private ulong _sequence;

    private ShopAgent(Uri ingress)
    {
        _channel = GrpcChannel.ForAddress(ingress);
        _call = new Wire.Ingress.IngressClient(_channel).Report();
    }

    public static async Task<ShopAgent> OpenAsync(Uri ingress, string node, uint pollIntervalMs = 2000)
    {
        var agent = new ShopAgent(ingress);
        var source = new Source(node, Guid.NewGuid());
        await agent._call.RequestStream.WriteAsync(
            new FromNode
            {
                Hello = new Hello
                {
                    NodeName = source.NodeName,
                    Incarnation = ByteString.CopyFrom(source.Incarnation.ToByteArray(bigEndian: true)),
                    PollIntervalMs = pollIntervalMs,
                    Version = "test",
                },
            });
        var shards = (await agent.NextAsync()).Welcome.ShardCount;
        for (var held = 0U; held < shards; held++)
        {
            await agent.NextAsync();
        }

        return agent;
    }

    /// <summary>Until all of it is in the journal.</summary>
    public Task ReportAsync(IEnumerable<(NetworkLink Link, LinkTotals Totals)> links) =>
        ReportAsync(links.Select(link => (link.Link, link.Totals, default(LinkLevels))));

    /// <summary>Until all of it is in the journal.</summary>
    public async Task ReportAsync(IEnumerable<(NetworkLink Link, LinkTotals Totals, LinkLevels Levels)> links)
    {
        await _turn.WaitAsync();
        try
        {
            await SendAsync(links);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SendAsync(IEnumerable<(NetworkLink Link, LinkTotals Totals, LinkLevels Levels)> links)
    {
        _sequence++;
        var waiting = new HashSet<ulong>();
        foreach (var shard in links.GroupBy(link => LinkSharding.ShardOf(link.Link, LinkSharding.DefaultShardCount)))
        {
            foreach (var some in shard.Chunk(1000))
            {
                var batch = new Batch { Id = ++_lastBatch, Shard = (uint)shard.Key, Watermark = _sequence };
                batch.Reports.Add(some.Select(link => new Report(link.Link, _sequence, link.Totals, link.Levels).ToWire()));
                waiting.Add(batch.Id);
                await _call.RequestStream.WriteAsync(new FromNode { Batch = batch });
                // One batch in flight per shard.
                while (waiting.Contains(batch.Id))
                {
                    waiting.Remove((await NextAsync()).Held?.BatchId ?? 0);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _channel.ShutdownAsync();
        _channel.Dispose();
        _turn.Dispose();
    }

    private async Task<FromAggregator> NextAsync()
    {
        while (await _call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (_call.ResponseStream.Current.Directory is null)
            {
                return _call.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The aggregator ended the stream.");
    }
}
