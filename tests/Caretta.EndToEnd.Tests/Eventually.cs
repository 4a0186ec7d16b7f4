namespace Caretta.EndToEnd.Tests;

/// <summary>Waits for what another process is about to do. The deadline only turns a hang into a failure; no spec measures by it.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>For what the kernel does in an instant, and now and then a little later.</summary>
    public static void TrueSoon(Func<bool> condition, Func<string> what)
    {
        if (!SpinWait.SpinUntil(condition, Deadline))
        {
            Assert.Fail($"Never came true: {what()}");
        }
    }

    public static async Task True(Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Deadline);
        using var timer = new PeriodicTimer(Pause);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Never came true: {what()}");
            }
        }
    }
}
