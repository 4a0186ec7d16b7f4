using System.Globalization;

/// <summary>
/// Runs inside a program under test that is told of this assembly (DOTNET_STARTUP_HOOKS; the runtime looks for this name, without a namespace): a number that
/// the program reads on its input is that many work items that keep a thread of the common pool for ever.
/// </summary>
internal static class StartupHook
{
    /// <summary>Written as soon as the first of them has its thread.</summary>
    public const string Begun = "the common pool's threads are taken";

    public static void Initialize() => new Thread(Listen) { IsBackground = true }.Start();

    private static void Listen()
    {
        while (Console.In.ReadLine() is { } count)
        {
            for (var left = int.Parse(count, CultureInfo.InvariantCulture); left > 0; left--)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => Keep(), null);
            }
        }
    }

    private static void Keep()
    {
        Console.WriteLine(Begun);
        Thread.Sleep(Timeout.Infinite); // nothing is waited for: it keeps the thread until the program is ended
    }
}
