using System.Globalization;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>A wall clock that a spec can set, for one program, through libfaketime. The monotonic clock stays the machine's.</summary>
internal sealed class FakeClock
{
    /// <summary>In the folder of the machine's architecture.</summary>
    private static readonly string Library = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu")
        .Select(folder => System.IO.Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
        .First(File.Exists);

    private readonly string _file;

    public FakeClock(string folder, string name)
    {
        _file = System.IO.Path.Combine(folder, $"clock-{name}");
        Set(TimeSpan.Zero);
    }

    /// <summary>For the program that is to have this clock.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("LD_PRELOAD", Library),
        ("FAKETIME_TIMESTAMP_FILE", _file),
        ("FAKETIME_CACHE_DURATION", "1"), // seconds
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),

        // Else it "corrects" timed waits on the monotonic clock as well: they end at once, and the runtime's own threads spin on a third of a processor.
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
    ];

    public void Set(TimeSpan offset)
    {
        var next = $"{_file}.next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}\n"));
        File.Move(next, _file, overwrite: true);
    }
}
