using System.Text.Json;

namespace Caretta.SimulatedAgents;

/// <summary>What the aggregators must show once <see cref="Unacked"/> is 0 and polling has stopped.</summary>
/// <param name="Links">By link id, summed over agents and incarnations.</param>
/// <param name="Unacked">Links of agents whose latest totals nobody has acknowledged.</param>
/// <param name="DelaySecondsP50">From a poll until a shard holds and shows what was counted in it, see <see cref="PollDelays"/>.</param>
/// <param name="Incarnations">More than there are agents: some were refused, and of those the totals are an upper bound.</param>
public sealed record FleetTruth(
    IReadOnlyDictionary<string, LinkTruth> Links,
    long Polls,
    int Unacked,
    long Incarnations,
    long BatchesSent,
    long BatchesAcked,
    long BatchesResent,
    long ReportsSent,
    long Connects,
    long ConnectFailures,
    long Refusals,
    long Restarts,
    double AckSecondsP50,
    double AckSecondsP99,
    double DelaySecondsP50 = 0,
    double DelaySecondsP99 = 0)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static FleetTruth Parse(string json) => JsonSerializer.Deserialize<FleetTruth>(json, Json)!;

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
