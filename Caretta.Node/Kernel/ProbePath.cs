namespace Caretta.Node.Kernel;

/// <summary>How connections are counted: by which programs of <c>bpf/</c>. The flow table is the same.</summary>
public enum ProbePath
{
    /// <summary>caretta.bpf.c: accounts in the sockets themselves; nothing is attached to the data path.</summary>
    Tracing,

    /// <summary>kprobe.bpf.c: accounts in a table by the socket's address.</summary>
    Kprobe,

    /// <summary>
    /// The same without iterators, for kernels that have none or no types of their own: counted is only while the agent runs, and open connections show what
    /// they have received.
    /// </summary>
    Plain,
}
