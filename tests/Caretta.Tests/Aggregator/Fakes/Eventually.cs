namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>
/// Looks again and again, with a moment between that leaves the processor to those who are looked at. The deadline only turns a hang into a failure.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static Task TrueAsync(Func<bool> isSo) => TrueAsync(() => Task.FromResult(isSo()));

    public static async Task TrueAsync(Func<Task<bool>> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        using var pause = new PeriodicTimer(Pause);
        while (!await isSo())
        {
            await pause.WaitForNextTickAsync(deadline.Token);
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
