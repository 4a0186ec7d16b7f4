using System.Globalization;

namespace Caretta.Node.Kernel;

/// <summary>
/// Where things are pinned: <c>FOLDER/LAYOUT/TABLE</c> and, per build of the programs, <c>FOLDER/LAYOUT/programs-BUILD/PROGRAM</c>.
/// </summary>
internal sealed class PinnedTables(string pinFolder, int layout)
{
    public const int CurrentLayout = 1;
    public const string LifeCycle = "on_state";
    public const string MissedLifeCycle = "on_state_missed";
    public const string Processes = "processes";

    private const string ProgramsPrefix = "programs-";

    public int Layout { get; } = layout;

    public string Folder { get; } = Path.Combine(pinFolder, layout.ToString(CultureInfo.InvariantCulture));

    /// <summary>The iterator of the latest build that has it pinned: also once the programs that count have been taken off. Null if none has.</summary>
    public string? ProcessesIterator => ProgramFolders().Select(folder => Path.Combine(folder, Processes)).LastOrDefault(File.Exists);

    /// <summary>Every layout that has tables pinned, the current one first.</summary>
    public static IEnumerable<PinnedTables> All(string pinFolder) =>
        !Directory.Exists(pinFolder)
            ? []
            : from folder in Directory.EnumerateDirectories(pinFolder)
              where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
              let tables = new PinnedTables(pinFolder, int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
              where File.Exists(tables.Table("control"))
              orderby tables.Layout == CurrentLayout descending, tables.Layout descending
              select tables;

    public string Table(string name) => Path.Combine(Folder, name);

    public string ProgramsOf(string build) => Path.Combine(Folder, ProgramsPrefix + build);

    public IEnumerable<string> ProgramFolders() => Directory.Exists(Folder)
        ? Directory.EnumerateDirectories(Folder, ProgramsPrefix + "*").OrderBy(Directory.GetLastWriteTimeUtc)
        : [];

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
}
