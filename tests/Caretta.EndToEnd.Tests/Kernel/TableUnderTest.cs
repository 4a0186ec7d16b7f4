using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A flow table with a pin folder of its own, removed with every trace at the end.</summary>
internal sealed class TableUnderTest : IDisposable
{
    private readonly FlowTableOptions _options;
    private bool _open = true;

    public TableUnderTest(Func<FlowTableOptions, FlowTableOptions>? with = null)
    {
        var options = new FlowTableOptions { PinFolder = $"/sys/fs/bpf/caretta-test-{Guid.NewGuid():N}", FreshBoot = true };
        _options = with?.Invoke(options) ?? options;
        Table = KernelFlowTable.Open(_options);
    }

    public KernelFlowTable Table { get; private set; }

    public string PinFolder => _options.PinFolder;

    /// <summary>Lets go as a killed agent would, and opens again, perhaps with other options.</summary>
    public void Reopen(Func<FlowTableOptions, FlowTableOptions>? with = null)
    {
        Table.Dispose();
        _open = false; // until it is: a failure to open must not be hidden by one to close
        Table = KernelFlowTable.Open(with?.Invoke(_options) ?? _options);
        _open = true;
    }

    /// <summary>One fold, and all flows of a server port summed by role.</summary>
    public Ends Poll(int serverPort)
    {
        Table.Fold();
        return Read(serverPort);
    }

    public Ends Read(int serverPort)
    {
        var ends = new Ends();
        Table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == serverPort)
            {
                ends.Add(flow);
            }
        });
        return ends;
    }

    public void Dispose()
    {
        if (!_open)
        {
            Hosts.Command.Run("rm", "-rf", PinFolder);
            return;
        }

        Table.Detach();
        Table.Remove();
        Table.Dispose();
    }
}
