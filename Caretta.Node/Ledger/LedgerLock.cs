namespace Caretta.Node.Ledger;

/// <summary>Keeps two agents off one ledger. The kernel lets go of the lock with the process, however it ends.</summary>
internal static class LedgerLock
{
    public const string FileName = "ledger.lock";

    public static FileStream Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // FileShare.None is an flock on Unix.
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw NotWritable(folder, refused);
        }
        catch (IOException inUse) when (IsLocked(inUse))
        {
            throw new BadStartException($"Another agent uses the ledger in {folder}.", "Stop it first, or set Caretta:Node:DataFolder to a folder of this agent's own.", inUse);
        }
        catch (IOException refused)
        {
            throw NotWritable(folder, refused);
        }
    }

    private static BadStartException NotWritable(string folder, Exception refused) => new(
        $"The data folder {folder} is not writable: {refused.Message}",
        "Make it writable to the agent, or set Caretta:Node:DataFolder to a folder that is.",
        refused);

    /// <summary>EWOULDBLOCK, as .NET hands it through.</summary>
    private static bool IsLocked(IOException refused) => refused.HResult == 11;
}
