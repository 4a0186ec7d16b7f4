using System.Globalization;
using Akka.Configuration;

namespace Caretta.Aggregator.Cluster;

/// <summary>What Akka.Hosting has no options for.</summary>
internal static class ClusterHocon
{
    /// <summary>
    /// A thread for who sends heartbeats and takes their answers, and for nothing else. Of all the cluster's actors Akka.NET starts only that one where it is
    /// told to. Ours that affirm membership do not run here: they go by what the others know, and must not be quick where those are not.
    /// </summary>
    public const string Dispatcher = "caretta.heartbeat-dispatcher";

    /// <summary>What comes in and goes out is encoded here, of all members: as many as there are processors, within reason.</summary>
    private static readonly int RemoteThreads = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// The majority goes on and the rest ends; members that come and go without rest all end, since nobody can tell then who is right. Who is only
    /// weakly up could be given shards before everybody knows of it. Shards move eight at a time, one such move after the other: of three
    /// members the third has its share within seconds, and at most an eighth of all links is in transit at once. Nothing of sharding is stored:
    /// entities are not remembered. Gossip and what the leader does with it are five times as frequent as by default, which is meant for hundreds of
    /// members: between the loss of a member and others taking over, each of these steps is waited for. Who is connected to does not answer on the same
    /// connection but on one of its own: otherwise one that is left over from before a restart can have a member read there, where nobody writes, for ever.
    /// Neither heartbeats nor what members write and read stand in the queue of the common thread pool, see
    /// docs/decisions/0035-what-waits-has-threads-enough.md.
    /// </summary>
    public static Config For(AggregatorOptions options) => ConfigurationFactory.ParseString($$"""
        {{Dispatcher}} {
            type = ForkJoinDispatcher
            throughput = 10
            dedicated-thread-pool { thread-count = 1, threadtype = background }
        }
        akka.remote {
            use-passive-connections = off
            default-remote-dispatcher {
                type = ForkJoinDispatcher
                throughput = 10
                dedicated-thread-pool { thread-count = {{RemoteThreads}}, threadtype = background }
            }
        }
        akka.cluster {
            use-dispatcher = {{Dispatcher}}
            allow-weakly-up-members = off
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            down-removal-margin = {{Milliseconds(options.DownRemovalMargin)}}
            run-coordinated-shutdown-when-down = on
            split-brain-resolver {
                active-strategy = keep-majority
                stable-after = {{Milliseconds(options.StableAfter)}}
                down-all-when-unstable = on
            }
            sharding {
                retry-interval = 500ms
                rebalance-interval = 1s
                coordinator-failure-backoff = 1s
                shard-start-timeout = 5s
                shard-failure-backoff = 1s
                handoff-timeout = 30s
                least-shard-allocation-strategy { rebalance-absolute-limit = 8, rebalance-relative-limit = 1.0 }
                distributed-data.durable.keys = []
            }
        }
        """);

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
}
