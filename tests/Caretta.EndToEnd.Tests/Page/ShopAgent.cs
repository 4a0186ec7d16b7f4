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
    private ulong _lastBatch;
    private ulong _sequence;

    private ShopAgent(Uri ingress)
    {
        _channel = GrpcChannel.ForAddress(ingress);
        _call = new Wire.Ingress.IngressClient(_channel).Report(cancellationToken: Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ShopAgent> OpenAsync(Uri ingress, string node)
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
                    PollIntervalMs = 2000,
                    Version = "test",
                },
            },
            Cancel);
        var shards = (await agent.NextAsync()).Welcome.ShardCount;
        for (var held = 0U; held < shards; held++)
        {
            await agent.NextAsync();
        }

        return agent;
    }

    /// <summary>Until all of it is in the journal.</summary>
    public async Task ReportAsync(IEnumerable<(NetworkLink Link, LinkTotals Totals)> links)
    {
        _sequence++;
        var waiting = new HashSet<ulong>();
        foreach (var shard in links.GroupBy(link => LinkSharding.ShardOf(link.Link, LinkSharding.DefaultShardCount)))
        {
            foreach (var some in shard.Chunk(1000))
            {
                var batch = new Batch { Id = ++_lastBatch, Shard = (uint)shard.Key, Watermark = _sequence };
                batch.Reports.Add(some.Select(link => new Report(link.Link, _sequence, link.Totals, default).ToWire()));
                waiting.Add(batch.Id);
                await _call.RequestStream.WriteAsync(new FromNode { Batch = batch }, Cancel);
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
    }

    private async Task<FromAggregator> NextAsync()
    {
        while (await _call.ResponseStream.MoveNext(Cancel))
        {
            if (_call.ResponseStream.Current.Directory is null)
            {
                return _call.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The aggregator ended the stream.");
    }
}
