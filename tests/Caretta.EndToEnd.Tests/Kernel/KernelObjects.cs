using System.Text.Json;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Attachments, programs and maps by the kernel's numbers. It counts up, so a number is not soon somebody else's.</summary>
internal sealed class KernelObjects : IEquatable<KernelObjects>
{
    private static readonly string[] Kinds = ["link", "prog", "map"];

    private readonly HashSet<(string Kind, int Id)> _ids;

    private KernelObjects(IEnumerable<(string Kind, int Id)> ids) => _ids = [.. ids];

    public bool IsEmpty => _ids.Count == 0;

    /// <summary>All that hangs on the pins of a folder: what is pinned, and the programs of pinned attachments.</summary>
    public static KernelObjects PinnedUnder(string folder)
    {
        var ids = new List<(string, int)>();
        foreach (var pin in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Tables lie in the folder of their layout, attachments one deeper.
            if (Path.GetFileName(Path.GetDirectoryName(pin))!.StartsWith("programs-", StringComparison.Ordinal))
            {
                var link = Show("link", "pinned", pin);
                ids.AddRange([("link", Id(link, "id")), ("prog", Id(link, "prog_id"))]);
            }
            else
            {
                ids.Add(("map", Id(Show("map", "pinned", pin), "id")));
            }
        }

        return new KernelObjects(ids);
    }

    /// <summary>Those of them that the kernel still has.</summary>
    public KernelObjects Present() =>
        new(Kinds.SelectMany(kind => Show(kind).EnumerateArray().Select(found => (kind, Id(found, "id")))).Where(_ids.Contains));

    public bool Equals(KernelObjects? other) => other is not null && _ids.SetEquals(other._ids);

    public override bool Equals(object? obj) => Equals(obj as KernelObjects);

    public override int GetHashCode() => _ids.Count;

    public override string ToString() => string.Join(", ", _ids.Order().Select(one => $"{one.Kind} {one.Id}"));

    /// <summary>How often the kernel did not run a pinned program, because it came inside itself.</summary>
    public static long TimesSkipped(string pin)
    {
        var program = Show("prog", "id", $"{Id(Show("link", "pinned", pin), "prog_id")}");
        return program.TryGetProperty("recursion_misses", out var misses) ? misses.GetInt64() : 0;
    }

    private static JsonElement Show(string kind, params string[] which)
    {
        using var json = JsonDocument.Parse(Command.Run("bpftool", ["--json", kind, "show", .. which]));
        return json.RootElement.Clone();
    }

    private static int Id(JsonElement found, string property) => found.GetProperty(property).GetInt32();
}
