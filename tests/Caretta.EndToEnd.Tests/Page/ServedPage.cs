namespace Caretta.EndToEnd.Tests.Page;

/// <summary>An agent reports the shop's traffic every second.</summary>
public sealed class ServedPage : PageHost
{
    /// <summary>Already behind it, so that one of which some links have come, and some are still to, changes no order of who sends how much.</summary>
    private const int Rounds = 20;

    private readonly CancellationTokenSource _closing = new();
    private Task _talk = Task.CompletedTask;

    internal ShopAgent Agent { get; private set; } = null!;

    protected override async Task ReportAsync(Uri ingress)
    {
        Agent = await ShopAgent.OpenAsync(ingress, "node-1");
        await Agent.ReportAsync(Shop.Archive());
        await Agent.ReportAsync(Shop.After(Rounds));
        await OnTheMapAsync(Shop.Archive().Concat(Shop.After(Rounds)).Count());
        _talk = TalkAsync();
    }

    protected override async Task EndReportsAsync()
    {
        await _closing.CancelAsync();
        await _talk;
        _closing.Dispose();
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }
    }

    private async Task TalkAsync()
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            for (var round = Rounds + 1; await second.WaitForNextTickAsync(_closing.Token); round++)
            {
                await Agent.ReportAsync(Shop.After(round));
            }
        }
        catch (OperationCanceledException)
        {
            // The last spec has ended.
        }
    }
}
