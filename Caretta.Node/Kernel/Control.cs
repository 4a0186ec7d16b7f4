using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary><c>struct control</c> of caretta.h: what user space tells the programs.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct Control
{
    public const int Size = 32;

    public ulong Poll;
    public Guid TableId;
    public uint FreshBoot;
    public uint ByProcess;
}
