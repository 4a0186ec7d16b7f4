namespace Caretta.Benchmarks.Kernel;

/// <param name="Nanoseconds">CPU per operation, of the process and of the interrupts that hit it.</param>
internal sealed record LoadResult(long Operations, double Nanoseconds);
