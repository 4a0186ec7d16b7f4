using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>What an export holds. Each line is checked against what it says of others and of itself.</summary>
internal sealed class JournalImage
{
    private readonly Dictionary<int, Shard> _shards = [];
    private readonly List<WorkloadGrants> _grants = [];

    public IEnumerable<KeyValuePair<int, ShardSnapshot>> Shards =>
        _shards.OrderBy(entry => entry.Key).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Snapshot()));

    public GrantsSnapshot Grants => new(_grants);

    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public void Add(ExportLine line, long number)
    {
        switch (line)
        {
            case ExportHeader header: Begin(header, number); break;
            case ExportShard shard: Begin(shard, number); break;
            case ExportSource source: Of(source.Shard, number).Add(source, number); break;
            case ExportRetired retired: Of(retired.Shard, number).Add(retired, number); break;
            case ExportLink link: Of(link.Shard, number).Add(link, number); break;
            case ExportGrants grants: Add(grants, number); break;
            default: Require(false, number, "it is out of place"); break;
        }
    }

    /// <exception cref="InvalidDataException">Lines are missing, or say what no journal holds.</exception>
    public void Complete()
    {
        foreach (var (number, shard) in _shards)
        {
            if ((shard.IsComplete ? ShardRules.Faults(number, shard.Snapshot()).FirstOrDefault() : "Lines are missing.") is { } fault)
            {
                throw new InvalidDataException($"Shard {number} cannot be imported: {fault}");
            }
        }
    }

    private static void Require(bool kept, long line, string fault)
    {
        if (!kept)
        {
            throw new InvalidDataException($"Line {line} cannot be: {fault}.");
        }
    }

    private static void Begin(ExportHeader header, long number)
    {
        Require(number == 1, number, "it is out of place");
        Require(
            header.Shards == LinkSharding.DefaultShardCount, number, $"it is of {header.Shards} shards, this version of {LinkSharding.DefaultShardCount}");
    }

    private static Guid Incarnation(string text, long line)
    {
        Require(Guid.TryParseExact(text, "N", out var incarnation), line, $"'{text}' is no incarnation");
        return incarnation;
    }

    private void Begin(ExportShard shard, long number)
    {
        Require(shard.Shard is >= 0 and < LinkSharding.DefaultShardCount, number, $"there is no shard {shard.Shard}");
        Require(_shards.TryAdd(shard.Shard, new Shard(shard)), number, $"shard {shard.Shard} was there before");
    }

    private void Add(ExportGrants grants, long number)
    {
        Require(grants.Externals.Count == grants.Renewed.Count, number, "there is one time for each external");
        _grants.Add(new WorkloadGrants(grants.Workload, [.. grants.Externals], [.. grants.Renewed]));
    }

    private Shard Of(int shard, long number)
    {
        Require(_shards.ContainsKey(shard), number, $"shard {shard} has not begun");
        return _shards[shard];
    }

    private sealed class Shard(ExportShard begun)
    {
        private readonly Dictionary<Source, ulong> _watermarks = [];
        private readonly Dictionary<Source, TimeSpan> _heard = [];
        private readonly HashSet<Guid> _retired = [];
        private readonly Dictionary<ulong, StoredLink> _links = [];

        public bool IsComplete => (begun.Sources, begun.Retired, begun.Links) == (_watermarks.Count, _retired.Count, _links.Count);

        public void Add(ExportSource line, long number)
        {
            var source = new Source(line.Node, Incarnation(line.Incarnation, number));
            Require(_watermarks.TryAdd(source, line.Watermark), number, "the source was there before");
            _heard.Add(source, TimeSpan.FromMilliseconds(line.HeardMs));
        }

        public void Add(ExportRetired line, long number) =>
            Require(_retired.Add(Incarnation(line.Incarnation, number)), number, "the incarnation was there before");

        public void Add(ExportLink line, long number)
        {
            Require(line.Role is "client" or "server", number, $"there is no role '{line.Role}'");
            var link = new NetworkLink(line.Client, line.Server, line.Port, line.Role == "client" ? Role.Client : Role.Server);
            Require(link.Id == line.Id, number, $"a link of these names has the id {link.Id}");
            var held = new Dictionary<Contributor, LinkTotals>();
            foreach (var (node, incarnation, origin, totals) in line.Held)
            {
                var by = new Contributor(new Source(node, Incarnation(incarnation, number)), origin);
                Require(_watermarks.ContainsKey(by.Source) && held.TryAdd(by, totals), number, $"its source {node} is unknown, or twice in it");
            }

            Require(_links.TryAdd(link.Id, new StoredLink(link, line.Expired, [.. held]) { Retired = line.Retired }), number, "the link was there before");
        }

        public ShardSnapshot Snapshot() => new([.. _links.Values], [.. _watermarks])
        {
            Listened = TimeSpan.FromMilliseconds(begun.ListenedMs),
            HeardAt = _heard,
            Retired = _retired,
        };
    }
}
