using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Hosting;

/// <summary>
/// Answers /readyz: whether it is a member, its totals are back and agents get names, and if not, what is missing; and how the journal stands.
/// </summary>
internal static class Readiness
{
    public static IResult Answer(RecoveredShards shards, MemberStanding member, IJournalDatabase journal, IServiceProvider services)
    {
        // Absent where no cluster is watched.
        var directory = services.GetService<ClusterDirectory>()?.Figures;
        var standing = member.Look();
        var ready = standing.Ready && shards.All && (directory?.State.Answers ?? true);
        return Results.Json(
            new
            {
                ready,
                shardsRecovered = shards.Count,
                shards = shards.Here,
                cluster = new { state = standing.State, members = standing.Members, unreachable = standing.Unreachable, ownsLinks = standing.OwnsLinks },
                journal = Journal(journal),
                directory = directory is null ? null : new
                {
                    answers = directory.State.Answers,
                    current = directory.State.Current,
                    missing = Names(directory.Missing),
                    interrupted = Names(directory.Interrupted),
                    forbidden = Names(directory.Forbidden),
                },
            },
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>An interruption costs freshness, not readiness: what is exported stays right. Before the first contact there is nothing to export.</summary>
    private static object Journal(IJournalDatabase journal)
    {
        var interruption = journal.Availability.Now; // once: it may begin or end meanwhile
        return new
        {
            opened = journal.Ready.IsCompletedSuccessfully,
            available = interruption is null,
            since = interruption?.Since,
            cause = interruption?.Cause,
        };
    }

    private static IEnumerable<string> Names<T>(IEnumerable<T> kinds) => kinds.Select(kind => $"{kind}");
}
