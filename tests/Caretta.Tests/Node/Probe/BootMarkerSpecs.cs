using Caretta.Node;
using Caretta.Node.Probe;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Node.Probe;

public sealed class BootMarkerSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void What_was_written_is_of_that_boot_and_of_no_other()
    {
        var run = Path.Combine(_folder.Path, "run", "caretta");
        new BootMarker(run).Write("this boot", Guid.NewGuid());
        Assert.True(new BootMarker(run).IsOf("this boot"));
        Assert.False(new BootMarker(run).IsOf("this"));
        Assert.False(new BootMarker(run).IsOf("the next"));
    }

    [Fact]
    public void A_later_boot_takes_the_place_of_an_earlier_one()
    {
        var marker = new BootMarker(_folder.Path);
        marker.Write("a boot with a longer name", Guid.NewGuid());
        marker.Write("another", Guid.NewGuid());
        Assert.True(marker.IsOf("another"));
    }

    [Fact]
    public void It_says_which_tables_were_counted_from_unless_an_older_agent_wrote_it()
    {
        var (marker, table) = (new BootMarker(_folder.Path), Guid.NewGuid());
        Assert.Null(marker.TableId());
        marker.Write("this boot", table);
        Assert.Equal(table, marker.TableId());

        File.WriteAllText(Path.Combine(_folder.Path, "counted-in-boot"), "this boot\n");
        Assert.True(marker.IsOf("this boot"));
        Assert.Null(marker.TableId());
    }

    [Fact]
    public void It_is_replaced_whole_so_that_none_is_ever_half_written()
    {
        var marker = new BootMarker(_folder.Path);
        marker.Write("this boot", Guid.NewGuid());
        var path = Path.Combine(_folder.Path, "counted-in-boot");
        var before = File.ReadAllText(path);
        using var opened = File.OpenText(path);
        marker.Write("this boot", Guid.NewGuid());
        Assert.Equal(before, opened.ReadToEnd());
        Assert.NotEqual(before, File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void An_emptied_run_folder_says_that_nothing_was_counted()
    {
        Assert.False(new BootMarker(_folder.Path).IsOf("this boot"));
        Assert.False(new BootMarker(Path.Combine(_folder.Path, "gone")).IsOf("this boot"));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("/proc/caretta")]
    public void A_folder_that_cannot_be_written_is_named_and_the_setting_too(string folder)
    {
        var path = Path.Combine(_folder.Path, folder);
        if (!Path.IsPathRooted(folder))
        {
            File.WriteAllText(path, "in place of the folder");
        }

        var refused = Assert.Throws<BadStartException>(() => new BootMarker(path).Write("this boot", Guid.NewGuid()));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Caretta:Node:RunFolder", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
