namespace Caretta.Node.Kernel;

/// <summary>Which <see cref="ProbePath"/> to take.</summary>
public enum ProbeChoice
{
    /// <summary>The first that this kernel has all for, in their order.</summary>
    Auto,
    Tracing,
    Kprobe,
    Plain,
}
