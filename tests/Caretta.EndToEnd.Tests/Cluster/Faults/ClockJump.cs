namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The wall clock of one program jumps, stays so for a while, and jumps back. Its monotonic clock does not.</summary>
internal sealed class ClockJump(string name, TimeSpan by, TimeSpan time) : Fault(name)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public override bool IsGentle => true;

    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(name);
        cluster.Clock(name).Set(by);
        await Eventually.True(async () => await Offset(supervised) is { } offset && (offset - by).Duration() < Tolerance, () => $"{this}: its clock to jump");
        await Task.Delay(time);
        cluster.Clock(name).Set(TimeSpan.Zero);
        await Eventually.True(async () => await Offset(supervised) is { } offset && offset.Duration() < Tolerance, () => $"{this}: its clock to jump back");
    }

    /// <summary>By the date it writes in its answers.</summary>
    private static async Task<TimeSpan?> Offset(Supervised supervised) =>
        await supervised.Program.Date() is { } date ? date - DateTimeOffset.UtcNow : null;
}
