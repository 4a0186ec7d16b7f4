using System.Diagnostics;
using System.Globalization;

namespace Caretta.Benchmarks.Kernel;

/// <summary>load.c in a process of its own.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly Process _process;

    /// <param name="folder">Where <see cref="Compile"/> put it.</param>
    public LoadGenerator(string folder) => _process = Process.Start(
        new ProcessStartInfo(Program(folder)) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public static void Compile(string folder) => Command.Run(
        "clang", "-O2", "-Wall", "-Wextra", "-Werror", Path.Combine(SourceFolder.Path, "load.c"), "-o", Program(folder));

    public void Begin(string load, int milliseconds) => Say(string.Create(CultureInfo.InvariantCulture, $"{load} {milliseconds}"));

    public LoadResult End()
    {
        var numbers = Array.ConvertAll(Answer().Split(' '), number => long.Parse(number, CultureInfo.InvariantCulture));
        return new LoadResult(numbers[0], (double)numbers[1] / numbers[0]);
    }

    /// <summary>A command without a measurement; returns when it is done.</summary>
    public void Ask(string command)
    {
        Say(command);
        Answer();
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

    private static string Program(string folder) => Path.Combine(folder, "load");

    private void Say(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    private string Answer() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The load generator ended; it has said why.");
}
