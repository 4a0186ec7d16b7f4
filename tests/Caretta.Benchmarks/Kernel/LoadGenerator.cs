using System.Diagnostics;
using System.Globalization;

namespace Caretta.Benchmarks.Kernel;

/// <summary>load.c in a process of its own.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly Process _process;

    public LoadGenerator(string folder)
    {
        var program = Path.Combine(folder, "load");
        Command.Run("clang", "-O2", "-Wall", "-Wextra", "-Werror", Path.Combine(SourceFolder.Path, "load.c"), "-o", program);
        _process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    public void Begin(string load, int milliseconds)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load} {milliseconds}"));
        _process.StandardInput.Flush();
    }

    public LoadResult End()
    {
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The load generator ended; it has said why.");
        var numbers = Array.ConvertAll(line.Split(' '), number => long.Parse(number, CultureInfo.InvariantCulture));
        return new LoadResult(numbers[0], (double)numbers[1] / numbers[0]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
