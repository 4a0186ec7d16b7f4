using System.Security.Cryptography;
using Caretta.Tests.Architecture;
using Folder = System.IO.Directory;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>
/// The page's build output is committed, so that nobody needs Node.js to build the solution. These specs keep it from falling behind its sources; they
/// need no Node.js either: the build leaves a hash of everything it read and wrote.
/// </summary>
public class PageBuildSpecs
{
    private const string Remedy = "run `npm install` and `npm run build` in Caretta.Aggregator/Ui and commit dist";

    private static readonly string[] Folders = ["src", "public", "dist"];
    private static readonly string Ui = Path.Combine(Checkout.Root, "Caretta.Aggregator", "Ui");

    [Fact]
    public void What_the_aggregator_serves_was_built_from_these_sources()
    {
        var changed = Built().Where(file => !File.Exists(Path.Combine(Ui, file.Key)) || Hash(file.Key) != file.Value).Select(file => file.Key);

        Assert.True(!changed.Any(), $"Changed since the page was built: {string.Join(", ", changed)}. {Remedy}");
    }

    [Fact]
    public void No_source_came_after_the_build_and_nothing_else_lies_in_its_output()
    {
        var built = Built();
        var present = Folders
            .SelectMany(folder => Folder.EnumerateFiles(Path.Combine(Ui, folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Ui, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => file != "dist/built-from.txt");

        Assert.True(present.All(built.ContainsKey), $"Unknown to the build: {string.Join(", ", present.Where(file => !built.ContainsKey(file)))}. {Remedy}");
    }

    [Fact]
    public void The_page_is_small_has_no_source_maps_and_names_no_other_host()
    {
        var files = Folder.GetFiles(Path.Combine(Ui, "dist"), "*", SearchOption.AllDirectories);
        var addresses = files.Where(file => Path.GetExtension(file) is ".html" or ".css").Where(file => File.ReadAllText(file).Contains("//", StringComparison.Ordinal));

        Assert.DoesNotContain(files, file => file.EndsWith(".map", StringComparison.Ordinal));
        Assert.Empty(addresses);
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, 400_000);
    }

    [Fact]
    public void No_style_and_no_script_is_written_into_the_markup()
    {
        var html = File.ReadAllText(Path.Combine(Ui, "dist", "index.html"));

        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Built() =>
        File.ReadLines(Path.Combine(Ui, "dist", "built-from.txt")).Select(line => line.Split("  ", 2)).ToDictionary(line => line[1], line => line[0]);

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Ui, file))));
}
