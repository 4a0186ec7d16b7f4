using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Names;

namespace Caretta.Node.Probe;

/// <summary>From what survived to a poller that may run. The order of writing is what makes a crash at any point here harmless.</summary>
public sealed class ProbeStart(
    NodeOptions options,
    IFlowTableFactory tables,
    ILedgerStore store,
    bool ledgerSetAside,
    IHostNames names,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private readonly string _bootId = BootId.Of(options);
    private readonly BootMarker _marker = new(options.RunFolder);
    private bool _ledgerSetAside = ledgerSetAside;

    /// <summary>The poller owns the store from here on.</summary>
    /// <exception cref="BadStartException">It cannot be done; the message says why and what to do.</exception>
    public Poller Open()
    {
        while (true)
        {
            var contents = store.Load();
            var pinned = tables.Find();
            var plan = Survival.Decide(new SurvivalFacts(
                contents?.Identity, _ledgerSetAside, options.NodeName, _bootId, pinned, _marker.IsOf(_bootId), _marker.TableId()));
            _ledgerSetAside = false;
            Tell(plan, contents?.Identity);
            var poller = Open(contents, pinned, plan);
            if (!plan.Replace)
            {
                if (tables.Path is { } path)
                {
                    metrics.Takes(path);
                    logger.LogInformation("Connections are counted by the path {Path}.", path);
                    options.DetachOnStop |= path == ProbePath.Plain; // nothing counts after this process: a stop that says so carries the open sockets
                }

                return poller;
            }

            logger.LogInformation("The pinned tables are of another version: their counts and open sockets are carried over to new ones.");
            using (poller.TableOnly())
            {
                poller.Unload();
            }
        }
    }

    private Poller Open(LedgerContents? contents, PinnedTable pinned, SurvivalPlan plan)
    {
        var tableId = TableIdFor(contents, pinned, plan);
        var ledger = Reconcile(contents, plan, tableId);
        if (!plan.UseCarried && (plan.DropFlows || contents is null))
        {
            // Nothing is attached where nothing is pinned, so these are all the accounts there are: none.
            ledger.Carry([], detached: pinned.TableId is null);
        }

        // The ledger knows the tables' id before they have it. That something is counted in this boot, ledger and host know only once it
        // is: a start that dies before leaves a boot in which nothing was, and the next one still counts its sockets from zero.
        _marker.Prepare();
        Commit(ledger);
        var table = tables.Open(new TableStart(tableId, plan.FreshBoot, plan.UseCarried ? contents!.Carried : []));
        try
        {
            // The programs have the accounts now. Kept, a later start could count from them a second time.
            ledger.Bind(_bootId, table.TableId);
            ledger.Carry([], detached: false);
            Commit(ledger);
            _marker.Write(_bootId, table.TableId);
            return new Poller(table, ledger, store, names, options, metrics, time, logger);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Those that go on where carried accounts ended are the same tables to whoever asks whose was counted from last.</summary>
    private static Guid TableIdFor(LedgerContents? contents, PinnedTable pinned, SurvivalPlan plan) => plan switch
    {
        { Adopt: true } => RandomId.New(),
        { UseCarried: true } => contents!.Identity.TableId,
        _ => pinned.TableId ?? RandomId.New(),
    };

    private Ledger.Ledger Reconcile(LedgerContents? contents, SurvivalPlan plan, Guid tableId)
    {
        var ledger = contents is null
            ? new Ledger.Ledger(new LedgerIdentity(options.NodeName, RandomId.New(), BootId: "", tableId), options.MaxLinks, options.MaxWaiting)
            : new Ledger.Ledger(contents, options.MaxLinks, options.MaxWaiting);
        if (plan.NewIncarnation && contents is not null)
        {
            ledger.Renew(options.NodeName, RandomId.New(), plan.Loss);
        }

        if (plan.DropFlows)
        {
            ledger.ForgetFlows();
        }

        if (plan.Adopt)
        {
            ledger.Adopt(plan.Loss);
        }

        ledger.Bind(ledger.Identity.BootId, tableId);
        ledger.BeginEpoch(RandomId.NewNumber());
        return ledger;
    }

    private void Commit(Ledger.Ledger ledger)
    {
        // Not the present moment: how long nobody counted is told by the last poll.
        store.Commit(ledger.Prepare(ledger.Identity.LastPoll));
        ledger.Committed();
    }

    private void Tell(SurvivalPlan plan, LedgerIdentity? identity)
    {
        if (plan.ProgramsWereOff && time.GetUtcNow() - identity!.LastPoll is var off && off > TimeSpan.Zero)
        {
            metrics.UnobservedSeconds.Inc(off.TotalSeconds);
        }

        if (plan.Loss is not LossReason.None)
        {
            logger.LogWarning("What was counted before is not all there: {Reason}", plan.Loss);
            if (!plan.Adopt)
            {
                metrics.Lost(new LedgerLoss(plan.Loss, 0)); // how much is not known
            }
        }
    }
}
