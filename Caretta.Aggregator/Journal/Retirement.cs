using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Which sources will never come back. Only silence decides, measured on the shard's own clock (<see cref="LinksAdvanced.Listened"/>), never
/// that the node has a newer incarnation.
/// </summary>
internal sealed class Retirement(TimeSpan retireAfter)
{
    /// <summary>
    /// Retired incarnations a shard remembers, at 16 bytes each. They are never forgotten, since one that came back would count twice; with
    /// so many nothing more is retired, and links then grow with the sources that come and go, up to <see cref="SourceRoom"/>.
    /// </summary>
    public const int MaxRemembered = 65_536;

    /// <summary>How often to look, and to write down that time has passed: a restart loses no more of the clock than this.</summary>
    public TimeSpan LookEvery => retireAfter / 720;

    /// <summary>A connected source that has nothing to report is written down as seen so often.</summary>
    private TimeSpan SightEvery => retireAfter / 30;

    /// <summary>What is written down of a source that has just gone may be that old.</summary>
    private TimeSpan SilentFor => retireAfter + SightEvery + LookEvery + LookEvery;

    /// <param name="listened">The shard's clock.</param>
    public RetirementFindings Look(ShardState state, TimeSpan listened, Func<Source, bool> isConnected)
    {
        var (seen, silent, away) = (new List<Source>(), new List<Source>(), false);
        foreach (var source in state.Sources)
        {
            var quiet = listened - state.HeardAt(source);
            if (!isConnected(source))
            {
                away = true;
                if (quiet >= SilentFor)
                {
                    silent.Add(source);
                }
            }
            else if (quiet >= SightEvery)
            {
                seen.Add(source);
            }
        }

        var room = Math.Max(0, MaxRemembered - state.Retired.Count);
        return new RetirementFindings(seen, [.. silent.Take(room)], Math.Max(0, silent.Count - room), away);
    }
}

/// <param name="Seen">Connected, and to be written down as such.</param>
/// <param name="Silent">To be retired.</param>
/// <param name="Refused">How many more there would be if they could be remembered.</param>
/// <param name="Away">Whether any source is not connected: then the passing of time is worth writing down.</param>
internal sealed record RetirementFindings(IReadOnlyList<Source> Seen, IReadOnlyList<Source> Silent, int Refused, bool Away);
