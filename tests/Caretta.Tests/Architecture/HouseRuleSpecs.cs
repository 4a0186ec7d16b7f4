using System.Text.RegularExpressions;

namespace Caretta.Tests.Architecture;

/// <summary>The rules of the house that a compiler does not know.</summary>
public partial class HouseRuleSpecs
{
    private static readonly string[] Products = ["Caretta.Messages", "Caretta.Node", "Caretta.Aggregator"];

    [Fact]
    public void A_file_holds_one_public_type_and_is_named_after_it()
    {
        var broken =
            from file in Checkout.SourceFiles(Products)
            let types = PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value).ToList()
            where types.Count > 1 || (types.Count == 1 && types[0] != Path.GetFileNameWithoutExtension(file).Split('.')[0])
            select $"{file}: {string.Join(", ", types)}";

        Assert.Empty(broken);
    }

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var broken =
            from file in Checkout.SourceFiles([.. Products, "tests"])
            let lines = File.ReadLines(file).Count()
            where lines > 400
            select $"{file}: {lines}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Only_the_kernel_folder_calls_native_code()
    {
        var kernel = Path.Combine(Checkout.Root, "Caretta.Node", "Kernel");
        var broken =
            from file in Checkout.SourceFiles(Products)
            where !file.StartsWith(kernel, StringComparison.Ordinal)
            where Native().IsMatch(File.ReadAllText(file))
            select file;

        Assert.Empty(broken);
    }

    [Fact]
    public void Nothing_blocks_on_a_task_and_nothing_waits_by_the_clock()
    {
        var broken =
            from file in Checkout.SourceFiles(Products)
            from line in File.ReadLines(file)
            where Blocking().IsMatch(line)
            select $"{file}: {line.Trim()}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_suppressed_warning_has_its_reason_beside_it()
    {
        var projects = Directory.EnumerateFiles(Checkout.Root, "*.*proj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Checkout.Root, "*.props", SearchOption.AllDirectories));
        var broken =
            from project in projects
            let lines = File.ReadAllLines(project)
            from number in Enumerable.Range(0, lines.Length)
            where lines[number].Contains("<NoWarn>", StringComparison.Ordinal)
            where number == 0 || !lines[number - 1].TrimEnd().EndsWith("-->", StringComparison.Ordinal)
            select project;

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_project_locks_its_packages()
    {
        var broken =
            from project in Directory.EnumerateFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories)
            where !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))
            select project;

        Assert.Empty(broken);
    }

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|unsafe|ref) )*(?:class|struct|record struct|record class|record|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\[(?:LibraryImport|DllImport)|\bunsafe\b")]
    private static partial Regex Native();

    [GeneratedRegex(@"\.Wait\(\)|GetAwaiter\(\)\.GetResult|Thread\.Sleep|Task\.Delay|async void|\.Result\b(?!\w)")]
    private static partial Regex Blocking();
}
