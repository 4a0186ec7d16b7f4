using System.Text.RegularExpressions;
using Caretta.Tests.Architecture;

namespace Caretta.Tests.Documentation;

/// <summary>A document that says which spec proves something names one that there is.</summary>
public partial class SpecNameSpecs
{
    [Fact]
    public void Every_spec_that_the_documents_name_exists()
    {
        var specs = Checkout.SourceFiles("tests").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var missing =
            from document in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)
            from Match name in Spec().Matches(File.ReadAllText(document))
            where !specs.Contains(name.Groups[1].Value)
            select $"{Path.GetFileName(document)}: {name.Groups[1].Value}";

        Assert.Empty(missing);
    }

    [GeneratedRegex(@"`(\w+Specs)`")]
    private static partial Regex Spec();
}
