using System.Globalization;
using System.Text;
using Caretta.TestServers.Machines;

namespace Caretta.Benchmarks.Kernels;

/// <summary>What the paths cost on a kernel that can run both, counted in instructions.</summary>
internal sealed class KernelsBenchmark : IBenchmark
{
    private const string Kernel = "6.1-x64";

    private static readonly (string Load, string Name)[] Loads =
    [
        ("churn", "a connection: connect, a byte each way, close"),
        ("pingpong", "an exchange on an open connection: a byte each way"),
        ("bulk", "a write of 32 KiB on an open connection"),
    ];

    public string Name => "kernels";

    public string Run()
    {
        if (KernelMatrix.Folder is null)
        {
            throw new InvalidOperationException("Needs what .ci/kernels fetches, in the folder that CARETTA_KERNELS names: make bench BENCH=kernels.");
        }

        var console = TestServers.Machines.Machine.Run(Kernel, GuestArchitecture.X64, "/guest/kernel-guest cost", byInstructions: true);
        if (!console.Ended)
        {
            throw new InvalidOperationException($"The machine did not come to its end:\n{console.Text}");
        }

        var numbers = console.Facts.Single().Numbers;
        var text = new StringBuilder()
            .AppendLine("| both ends on one processor | nothing attached | `Tracing` | `Kprobe` |")
            .AppendLine("| --- | --- | --- | --- |");
        foreach (var (load, name) in Loads)
        {
            var none = numbers[$"{load}-none"];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {none:N0} | {Over("Tracing")} | {Over("Kprobe")} |");

            string Over(string path)
            {
                var more = (long)numbers[$"{load}-{path}"] - (long)none;
                return string.Create(CultureInfo.InvariantCulture, $"{more:+#,0;−#,0;0} ({100.0 * more / none:+0.0;−0.0;0.0} %)");
            }
        }

        return text.ToString();
    }
}
