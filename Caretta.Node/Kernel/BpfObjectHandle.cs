using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>An opened eBPF object. Closing it leaves what is pinned.</summary>
internal sealed class BpfObjectHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libbpf.ObjectClose(handle);
        return true;
    }
}
