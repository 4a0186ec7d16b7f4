using System.Runtime.InteropServices;
using Caretta.Node.Kernel;

namespace Caretta.Benchmarks.Kernel;

/// <summary>per_segment.bpf.c, loaded once: making hashes of a million entries takes longer than a round.</summary>
internal sealed class PerSegmentProbe : IProbe, IDisposable
{
    private static readonly string[] ProgramNames = ["segment_arrived", "segment_state"];

    private readonly BpfObjectHandle _object;

    public PerSegmentProbe(string folder)
    {
        var compiled = Path.Combine(folder, "per_segment.bpf.o");
        Command.Run(
            "clang", "-O2", "-g", "-Wall", "-Werror", "-mcpu=v3", "-target", "bpf", "-I", Path.Combine(SourceFolder.Repository, "bpf"),
            "-c", Path.Combine(SourceFolder.Path, "per_segment.bpf.c"), "-o", compiled);
        var image = File.ReadAllBytes(compiled);
        using var log = new LibbpfLog();
        _object = Libbpf.ObjectOpen(image, (nuint)image.Length, new Libbpf.OpenOptions { Size = (nuint)Marshal.SizeOf<Libbpf.OpenOptions>() });
        try
        {
            LibbpfException.ThrowIfError(Libbpf.ObjectLoad(_object), "load the baseline");
        }
        catch (LibbpfException refused)
        {
            throw refused.With(log.ToString());
        }
    }

    public string Name => "per segment";

    public IAttachedProbe Attach() => new Attached([.. ProgramNames.Select(name => Libbpf.Attach(Libbpf.FindProgram(_object, name)))]);

    public void Dispose() => _object.Dispose();

    private sealed class Attached(BpfLinkHandle[] links) : IAttachedProbe
    {
        public IReadOnlyList<(string Name, int Id)> Programs { get; } = links.Any(link => link.IsInvalid)
            ? throw new InvalidOperationException("The baseline could not be attached.")
            : [.. ProgramNames.Select(name => (name, ProgramStatistics.IdOfNamed(name)))];

        public void Poll()
        {
        }

        public void Dispose() => Array.ForEach(links, link => link.Dispose());
    }
}
