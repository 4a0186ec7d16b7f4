namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>Looks again and again, with a moment between that leaves the processor to those who are looked at. The test's own time limit is the bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> isSo) => TrueAsync(() => Task.FromResult(isSo()));

    public static async Task TrueAsync(Func<Task<bool>> isSo)
    {
        using var pause = new PeriodicTimer(Pause);
        while (!await isSo())
        {
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <returns>The first that is not null.</returns>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await look()) is not null);
        return found!;
    }
}
