using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Hosting;

/// <summary>Answers /readyz: whether it is a member, its totals are back and agents get names, and if not, what is missing.</summary>
internal static class Readiness
{
    public static IResult Answer(RecoveredShards shards, MemberStanding member, IServiceProvider services)
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

    private static IEnumerable<string> Names<T>(IEnumerable<T> kinds) => kinds.Select(kind => $"{kind}");
}
