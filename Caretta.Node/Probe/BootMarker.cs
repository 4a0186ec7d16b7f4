namespace Caretta.Node.Probe;

/// <summary>
/// "Something was counted in this boot": a file on a file system that a reboot empties. It outlives the loss of ledger and pins, and then
/// keeps a socket's old bytes from being counted a second time.
/// </summary>
public sealed class BootMarker(string runFolder)
{
    private const string FileName = "counted-in-boot";
    private readonly string _path = Path.Combine(runFolder, FileName);

    private string Next => _path + ".next";

    public bool IsOf(string bootId) => Lines() is [var boot, ..] && boot.Trim() == bootId;

    /// <summary>From which tables. Null where that is not known: an agent before this one did not say.</summary>
    public Guid? TableId() => Lines() is [_, var table, ..] && Guid.TryParse(table, out var id) ? id : null;

    /// <summary>Before the first program is attached: makes sure that <see cref="Write"/> will find nothing in its way.</summary>
    /// <exception cref="BadStartException">The folder cannot be written.</exception>
    public void Prepare() => Do(() =>
    {
        File.Open(_path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        File.Create(Next).Dispose();
    });

    /// <summary>Before the first count leaves this process. Whoever is killed in it leaves the old marker or the new one, whole.</summary>
    /// <exception cref="BadStartException">The folder cannot be written.</exception>
    public void Write(string bootId, Guid tableId) => Do(() =>
    {
        File.WriteAllText(Next, $"{bootId}\n{tableId}\n");
        File.Move(Next, _path, overwrite: true);
    });

    private string[] Lines() => File.Exists(_path) ? File.ReadAllLines(_path) : [];

    private void Do(Action write)
    {
        try
        {
            Directory.CreateDirectory(runFolder);
            write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new BadStartException(
                $"The run folder {runFolder} is not writable: {refused.Message}",
                "Make it writable to the agent, or set Caretta:Node:RunFolder to a folder that is and that a reboot empties.",
                refused);
        }
    }
}
