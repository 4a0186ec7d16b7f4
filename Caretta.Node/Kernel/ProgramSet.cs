namespace Caretta.Node.Kernel;

/// <summary>The programs of a path: the object they are in, its tables, and where they are attached.</summary>
/// <param name="Layout">
/// Names the folder its tables are pinned in; counts up when one of their records grows. Tables of another layout, and so of another path, are read one
/// last time and replaced.
/// </param>
/// <param name="Iterators">Program, pin, and the table it goes over.</param>
/// <param name="LastFold">The iterator that leaves nothing behind in the sockets once the programs are off; null if none can.</param>
/// <param name="Held">
/// What is attached as long as the agent runs, in the order it is to run in. Before 5.15 no kernel pins a kprobe; nothing is lost without that one.
/// </param>
internal sealed record ProgramSet(
    string Resource,
    int Layout,
    IReadOnlyList<string> Tables,
    IReadOnlyList<(string Program, string Pin, string? Table)> Iterators,
    string? LastFold,
    IReadOnlyList<string> Held)
{
    private const int FirstOfKprobe = 100;
    private const int FirstOfPlain = 200;

    private static readonly ProgramSet Tracing = new(
        "caretta.bpf.o",
        Layout: 1,
        ["flows", "overflow", "connections", "retiring", "carried", "control", "counters"],
        [
            ("fold", "fold", "connections"),
            ("sockets", "sockets", "connections"),
            ("enrol", "enrol", null),
            ("processes", PinnedTables.Processes, null),
            ("read_flows", "read_flows", "flows"),
            ("read_flows", "read_overflow", "overflow"),
            ("retire", "retire", "retiring"),
        ],
        LastFold: "fold",
        Held: []);

    private static readonly ProgramSet Kprobe = new(
        "kprobe.bpf.o",
        Layout: FirstOfKprobe + 1,
        ["flows", "overflow", "tracked", "listeners", "handled", "looked", "retiring", "carried", "control", "counters"],
        [
            ("fold", "fold", "tracked"),
            ("settle", "settle", "tracked"),
            ("sockets", "sockets", "tracked"),
            ("enrol", "enrol", null),
            ("processes", PinnedTables.Processes, null),
            ("read_flows", "read_flows", "flows"),
            ("read_flows", "read_overflow", "overflow"),
        ],
        LastFold: "settle",
        Held: ["on_data"]);

    private static readonly ProgramSet Plain = Kprobe with
    {
        Layout = FirstOfPlain + 1,
        Iterators = [],
        LastFold = null,
        Held = [PinnedTables.LifeCycle, PinnedTables.MissedLifeCycle, "on_data"],
    };

    /// <summary>What counts goes on when the agent ends.</summary>
    public bool OutlivesAgent => !Held.Contains(PinnedTables.LifeCycle);

    /// <summary>A program marks the flows that are to take no more counts; otherwise every count looks for them.</summary>
    public bool MarksRetiring => Iterators.Any(iterator => iterator.Program == "retire");

    public static ProgramSet Of(ProbePath path) => path switch
    {
        ProbePath.Plain => Plain,
        ProbePath.Kprobe => Kprobe,
        _ => Tracing,
    };

    /// <summary>Of tables that an earlier agent made, perhaps with another layout of the same path.</summary>
    public static ProgramSet Of(PinnedTables pins) => pins.Layout switch
    {
        > FirstOfPlain => Plain,
        > FirstOfKprobe => Kprobe,
        _ => Tracing,
    };
}
