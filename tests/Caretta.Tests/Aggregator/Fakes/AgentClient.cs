using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using DirectoryState = Caretta.Messages.Wire.DirectoryState;
using Source = Caretta.Messages.Source;
using Wire = Caretta.Messages.Wire;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>The agent's end of a stream, which does what it is told, right or wrong.</summary>
internal sealed class AgentClient : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<FromNode, FromAggregator> _call;
    private ulong _lastBatch;

    private AgentClient(GrpcChannel channel, Metadata? headers)
    {
        _channel = channel;
        _call = new Wire.Ingress.IngressClient(_channel).Report(headers, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What each shard said it holds at the start.</summary>
    public Dictionary<int, ulong> HeldAtStart { get; } = [];

    public static AgentClient Dial(Uri ingress) => new(GrpcChannel.ForAddress(ingress), null);

    /// <summary>Over a connection of one's own making.</summary>
    public static AgentClient Dial(GrpcChannel channel, Metadata? headers = null) => new(channel, headers);

    /// <summary>Hello, Welcome, and the word of all shards.</summary>
    public static async Task<AgentClient> OpenAsync(Uri ingress, Source source)
    {
        var agent = Dial(ingress);
        await agent.BeginAsync(source);
        return agent;
    }

    public async Task BeginAsync(Source source)
    {
        await SendAsync(Hello(source));
        var shards = (await NextAsync())!.Welcome.ShardCount;
        while (HeldAtStart.Count < shards)
        {
            var held = (await NextAsync())!.Held;
            HeldAtStart[(int)held.Shard] = held.Sequence;
        }
    }

    public static FromNode Hello(Source source, uint pollIntervalMs = 5000, uint protocol = 0) => new()
    {
        Hello = new Hello
        {
            NodeName = source.NodeName,
            Incarnation = ByteString.CopyFrom(source.Incarnation.ToByteArray(bigEndian: true)),
            PollIntervalMs = pollIntervalMs,
            Version = "test",
            Protocol = protocol,
        },
    };

    /// <summary>To one who may have refused the stream before he heard it.</summary>
    public async Task SayAsync(FromNode message)
    {
        try
        {
            await SendAsync(message);
        }
        catch (Exception over) when (over is RpcException or InvalidOperationException)
        {
            // What he said is still to be read.
        }
    }

    public Task SendAsync(FromNode message) => _call.RequestStream.WriteAsync(message, Cancel);

    /// <summary>What is said of the directory, kept beside the rest.</summary>
    public DirectoryState Directory { get; private set; } = null!;

    /// <summary>null at the end of the stream.</summary>
    public async Task<FromAggregator?> NextAsync()
    {
        while (await _call.ResponseStream.MoveNext(Cancel))
        {
            if (_call.ResponseStream.Current.Directory is not { } directory)
            {
                return _call.ResponseStream.Current;
            }

            Directory = directory;
        }

        return null;
    }

    public FromNode Batch(int shard, ulong watermark, params IEnumerable<Report> reports)
    {
        var batch = new Batch { Id = ++_lastBatch, Shard = (uint)shard, Watermark = watermark };
        batch.Reports.Add(reports.Select(report => report.ToWire()));
        return new FromNode { Batch = batch };
    }

    /// <summary>Sends all reports, each in its shard's batch, and waits until every batch is acknowledged.</summary>
    public async Task ReportAsync(ulong watermark, params IReadOnlyCollection<Report> reports)
    {
        var waiting = new HashSet<ulong>();
        foreach (var shard in reports.GroupBy(report => LinkSharding.ShardOf(report.Link, LinkSharding.DefaultShardCount)))
        {
            var batch = Batch(shard.Key, watermark, shard);
            waiting.Add(batch.Batch.Id);
            await SendAsync(batch);
        }

        while (waiting.Count > 0)
        {
            waiting.Remove((await NextAsync())!.Held.BatchId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _channel.ShutdownAsync();
        _channel.Dispose();
    }
}
