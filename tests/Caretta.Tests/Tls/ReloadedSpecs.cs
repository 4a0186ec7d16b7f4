using Caretta.Tests.Aggregator.Fakes;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Tls;

/// <summary>Values made of files that change: by a clock, by content, and never to something worse.</summary>
public sealed class ReloadedSpecs : IReloadLog, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly List<string> _told = [];
    private bool _isTooEarly;

    private string File => Path.Combine(_folder.Path, "file");

    void IReloadLog.Reloaded(string what) => _told.Add($"reloaded {what}");

    void IReloadLog.Kept(string what, string why) => _told.Add($"kept {what}: {why}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_has_changed_is_taken_over_within_ten_seconds()
    {
        Write("one");
        var value = Value();
        using var clock = new ReloadClock([value], this, _time);
        Write("two");
        _time.Pass(ReloadClock.Interval);
        Assert.Equal(("two", 1), (value.Current, value.Version));
        _time.Pass(ReloadClock.Interval);
        Assert.Equal(["reloaded it"], _told);
    }

    [Fact]
    public void A_file_behind_a_symbolic_link_that_is_swapped_is_seen_as_in_Kubernetes()
    {
        foreach (var data in new[] { "one", "two" })
        {
            System.IO.Directory.CreateDirectory(Path.Combine(_folder.Path, data));
            System.IO.File.WriteAllText(Path.Combine(_folder.Path, data, "tls.crt"), data);
        }

        var link = Path.Combine(_folder.Path, "..data");
        System.IO.Directory.CreateSymbolicLink(link, "one");
        System.IO.File.CreateSymbolicLink(File, "..data/tls.crt");
        var value = Value();
        System.IO.Directory.CreateSymbolicLink($"{link}_tmp", "two");
        System.IO.Directory.Delete(link);
        System.IO.Directory.Move($"{link}_tmp", link);
        value.Reload(this);
        Assert.Equal("two", value.Current);
    }

    [Fact]
    public void What_cannot_be_used_is_told_once_and_the_old_one_stays()
    {
        Write("one");
        var value = Value();
        foreach (var bad in new[] { "bad", "bad", "worse bad", "worse bad" })
        {
            Write(bad);
            value.Reload(this);
        }

        System.IO.File.Delete(File);
        value.Reload(this);
        value.Reload(this);
        Assert.Equal(("one", 0), (value.Current, value.Version));
        Assert.Equal(3, _told.Count);

        Write("two");
        value.Reload(this);
        Assert.Equal("two", value.Current);
    }

    [Fact]
    public void What_was_not_valid_yet_is_taken_over_when_it_is()
    {
        Write("one");
        var value = Value();
        Write("two");
        _isTooEarly = true;
        value.Reload(this);
        Assert.Equal("one", value.Current);
        _isTooEarly = false;
        value.Reload(this);
        Assert.Equal("two", value.Current);
    }

    [Fact]
    public void Two_that_look_at_one_time_take_a_change_over_once()
    {
        Write("one");
        using var parsed = new ManualResetEventSlim();
        var value = new Reloaded<string>("it", [File], files =>
        {
            if (files[0].Text == "two")
            {
                parsed.Wait();
            }

            return files[0].Text;
        });
        Write("two");
        Thread[] both = [new(() => value.Reload(this)), new(() => value.Reload(this))];
        Array.ForEach(both, one => one.Start());
        while (!Array.TrueForAll(both, one => one.ThreadState.HasFlag(ThreadState.WaitSleepJoin)))
        {
            Thread.Yield(); // until one parses and the other waits for it, or parses too
        }

        parsed.Set();
        Array.ForEach(both, one => one.Join());
        Assert.Equal(("two", 1), (value.Current, value.Version));
        Assert.Equal(["reloaded it"], _told);
    }

    [Fact]
    public void At_the_start_there_is_nothing_to_fall_back_on()
    {
        Assert.Contains("cannot be read", Assert.Throws<UnusableFileException>(() => Value()).Message, StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File, new byte[2 * 1024 * 1024]);
        Assert.Contains("Is it the right file?", Assert.Throws<UnusableFileException>(() => Value()).Message, StringComparison.Ordinal);
    }

    private Reloaded<string> Value() => new("it", [File], files => files[0].Text.EndsWith("bad", StringComparison.Ordinal) || _isTooEarly
        ? throw new UnusableFileException(files[0].Text)
        : files[0].Text);

    private void Write(string text) => System.IO.File.WriteAllText(File, text);
}
