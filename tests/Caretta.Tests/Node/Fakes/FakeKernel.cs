using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Probe;

namespace Caretta.Tests.Node.Fakes;

/// <summary>A host's sockets and pinned tables. Both outlive the agent; a reboot or an unmounted bpffs takes the tables.</summary>
internal sealed class FakeKernel : IFlowTableFactory
{
    private readonly List<FakeSocket> _sockets = [];

    public FakeFlowTable? Pinned { get; private set; }

    public bool SameLayout { get; set; } = true;

    public ProbePath? Path => ProbePath.Tracing;

    /// <summary>What the next start passed on, for tables made anew.</summary>
    public TableStart? MadeWith { get; private set; }

    public int Made { get; private set; }

    /// <summary>The start dies before, or after, the programs are attached.</summary>
    public Exception? DiesBeforeOpen { get; set; }

    public Exception? DiesAfterOpen { get; set; }

    /// <summary>What the applications sent, whether or not anybody watched.</summary>
    public ulong Sent => _sockets.Aggregate(0UL, (sum, socket) => sum + socket.Sent);

    public PinnedTable Find() => Pinned is null ? PinnedTable.None : new PinnedTable(Pinned.TableId, SameLayout);

    public IFlowTable Open(TableStart start)
    {
        if (DiesBeforeOpen is { } early)
        {
            DiesBeforeOpen = null;
            throw early;
        }

        if (Pinned is null)
        {
            MadeWith = start;
            Made++;
            SameLayout = true;
            Pinned = new FakeFlowTable(start.TableId, _sockets)
            {
                FreshBoot = start.FreshBoot,
                Carried = start.Carried,
                OnRemoved = () => Pinned = null,
            };
        }

        if (SameLayout)
        {
            Pinned.Reattach(); // tables of another layout are opened to be read, no more
            Pinned.TableId = start.TableId;
        }

        if (DiesAfterOpen is { } late)
        {
            DiesAfterOpen = null;
            throw late;
        }

        return Pinned;
    }

    /// <summary>A connection begins; the programs see it if they are attached.</summary>
    public FakeSocket Connect(int port)
    {
        var socket = new FakeSocket((ulong)_sockets.Count + 1, FakeFlowTable.KeyOf(port));
        _sockets.Add(socket);
        if (Pinned is { Attached: true })
        {
            Pinned.Begun(socket);
        }

        return socket;
    }

    public void LosePins() => Pinned = null;

    public void Reboot()
    {
        Pinned = null;
        _sockets.Clear();
    }

    /// <summary>Tables of somebody else, with counts of their own.</summary>
    public FakeFlowTable PinForeign() => Pinned = new FakeFlowTable(Guid.NewGuid(), _sockets) { OnRemoved = () => Pinned = null };
}
