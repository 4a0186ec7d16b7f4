namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>Something production does to a cluster. It begins, lasts, ends, and proves that it took effect, all in one <see cref="Run"/>.</summary>
/// <param name="targets">What it touches: no two faults of one target run at a time.</param>
internal abstract class Fault(params string[] targets)
{
    public IReadOnlyList<string> Targets { get; } = targets;

    /// <summary>Counters that this kind moves sooner or later, if not each time: above zero once the run is over, or it did nothing.</summary>
    public virtual IEnumerable<string> Traces => [];

    /// <summary>No shard is away because of it for longer than a hand-over takes.</summary>
    public virtual bool IsGentle => Targets.All(ClusterUnderTest.IsAgent);

    /// <summary>One would undo what the other is about, so that they do not run at a time though they touch different things.</summary>
    public virtual bool Excludes(Fault other) => false;

    public override string ToString() => $"{GetType().Name} ({string.Join(", ", Targets)})";

    /// <summary>Fails the spec when it had no effect: a fault that did nothing proves nothing.</summary>
    public abstract Task Run(ClusterUnderTest cluster);

    /// <summary>Of a program that is up: it ends by SIGTERM, and well.</summary>
    protected async Task Stops(Supervised supervised)
    {
        // One that was started a moment ago would be ended by the signal itself.
        await Eventually.True(async () => await supervised.Program.Date() is not null, () => $"{supervised.Name} up; it said:\n{supervised.Program.Output}");
        var exitCode = await supervised.Stop();
        // Other faults may have taken the majority meanwhile: then it ends by itself, and says so.
        var lost = supervised.Program.Output.Contains("has lost its cluster", StringComparison.Ordinal);
        TookEffect(exitCode == 0 || lost, $"it ended with {exitCode} and said:\n{supervised.Program.Output}");
    }

    protected void TookEffect(bool did, string what) => Assert.True(did, $"{this} had no effect: {what}.");
}
