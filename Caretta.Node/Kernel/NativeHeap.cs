namespace Caretta.Node.Kernel;

/// <summary>What the C library's allocator holds.</summary>
public static class NativeHeap
{
    /// <summary>Loading programs and compiling methods take ten megabytes that are freed and would be kept for ever.</summary>
    public static void ReturnFreed() => _ = Libc.ReturnFreedMemory(keep: 0);
}
