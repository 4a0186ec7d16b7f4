namespace Caretta.Aggregator.Map;

/// <param name="Refresh">While somebody looks, the links are gathered so often.</param>
internal sealed record MapSettings(TimeSpan Refresh)
{
    /// <summary>A member that has not answered by then is missing from the map of that round.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Who looks waits no longer for a new map where there is an old one. Longer than what members may take to answer.</summary>
    public TimeSpan OldAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Nobody has asked for so long: nobody looks.</summary>
    public TimeSpan LookedAtFor { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Open streams; further ones are refused. Each holds the view it was sent last: of the largest about a megabyte.</summary>
    public int MostStreams { get; init; } = 200;

    /// <summary>A stream on which nothing can be written for so long is ended.</summary>
    public TimeSpan WriteWithin { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(15);
}
