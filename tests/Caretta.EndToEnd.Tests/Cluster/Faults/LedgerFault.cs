namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>Something happens to an agent's ledger. Its totals may stay below the truth afterwards, never above it, and it says that it lost something.</summary>
internal abstract class LedgerFault(params string[] targets) : Fault(targets)
{
    public override IEnumerable<string> Traces => ["caretta_node_loss_events_total"];

    protected string Agent => Targets[0];

    protected static Task SaysLoss(Supervised agent) => Eventually.True(
        async () => await agent.Program.Scrape() is { } scrape && scrape.Sum("caretta_node_loss_events_total") >= 1,
        () => $"a loss event; the agent said:\n{agent.Program.Output}");

    /// <summary>Until what it has counted is in the journal, and some polls more.</summary>
    protected static async Task Reports(Supervised agent)
    {
        await agent.Ready();
        decimal? first = null;
        await Eventually.True(
            async () => await agent.Program.Scrape() is { } scrape
                && scrape.Sum("caretta_node_batches_acked_total") >= (first ??= scrape.Sum("caretta_node_batches_acked_total")) + 3,
            () => $"acknowledgements; the agent said:\n{agent.Program.Output}");
    }
}
