using System.Globalization;

namespace Caretta.Node.Kernel;

/// <summary>
/// Where things are pinned: <c>FOLDER/LAYOUT/TABLE</c> and, per build of the programs, <c>FOLDER/LAYOUT/programs-BUILD/PROGRAM</c>.
/// </summary>
internal sealed class PinnedTables(string pinFolder, int layout)
{
    public const string LifeCycle = "on_state";
    public const string MissedLifeCycle = "on_state_missed";
    public const string Processes = "processes";

    private const string ProgramsPrefix = "programs-";

    public int Layout { get; } = layout;

    public string Folder { get; } = Path.Combine(pinFolder, layout.ToString(CultureInfo.InvariantCulture));

    /// <summary>Every layout that has tables pinned and programs that outlive an agent, the wanted one first.</summary>
    public static IEnumerable<PinnedTables> All(string pinFolder, int wanted) =>
        !Directory.Exists(pinFolder)
            ? []
            : from folder in Directory.EnumerateDirectories(pinFolder)
              where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
              let tables = new PinnedTables(pinFolder, int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
              where File.Exists(tables.Table("control")) && ProgramSet.Of(tables).OutlivesAgent
              orderby tables.Layout == wanted descending, tables.Layout descending
              select tables;

    /// <summary>
    /// The iterator of the latest build that has it pinned, of whichever layout: also once the programs that count have been taken off. Null if none has.
    /// </summary>
    public static string? ProcessesIterator(string pinFolder) =>
        (Directory.Exists(pinFolder) ? Directory.EnumerateDirectories(pinFolder) : [])
            .SelectMany(ProgramFoldersOf)
            .Select(folder => Path.Combine(folder, Processes))
            .LastOrDefault(File.Exists);

    /// <summary>There are tables that no iterator is pinned beside.</summary>
    public static bool HasPlain(string pinFolder) => File.Exists(new PinnedTables(pinFolder, ProgramSet.Of(ProbePath.Plain).Layout).Table("control"));

    /// <summary>Removes what an agent left behind whose programs ended with it. The caller holds the folder's lock, so there is no such agent.</summary>
    public static void RemoveDead(string pinFolder)
    {
        foreach (var folder in Directory.EnumerateDirectories(pinFolder).ToList())
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var layout)
                && new PinnedTables(pinFolder, layout) is var tables
                && !ProgramSet.Of(tables).OutlivesAgent)
            {
                tables.Remove();
            }
        }
    }

    public string Table(string name) => Path.Combine(Folder, name);

    public string ProgramsOf(string build) => Path.Combine(Folder, ProgramsPrefix + build);

    public IEnumerable<string> ProgramFolders() => ProgramFoldersOf(Folder);

    /// <summary>Unpins everything of this layout; what nobody holds open is gone then.</summary>
    public void Remove()
    {
        foreach (var folder in ProgramFolders().ToList())
        {
            RemoveFolder(folder);
        }

        RemoveFolder(Folder);
    }

    /// <summary>The pin folder itself, unless something else is in it.</summary>
    public void RemoveEmptyPinFolder()
    {
        if (Directory.Exists(pinFolder) && !Directory.EnumerateFileSystemEntries(pinFolder).Any())
        {
            Directory.Delete(pinFolder);
        }
    }

    public static void RemoveFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var pin in Directory.EnumerateFiles(folder).ToList())
        {
            File.Delete(pin);
        }

        Directory.Delete(folder);
    }

    private static IEnumerable<string> ProgramFoldersOf(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, ProgramsPrefix + "*").OrderBy(Directory.GetLastWriteTimeUtc)
        : [];
}
