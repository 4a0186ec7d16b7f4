using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>An attachment. Destroying it detaches the program unless it is pinned.</summary>
internal sealed class BpfLinkHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Libbpf.LinkDestroy(handle) == 0;
}
