using System.Diagnostics;

namespace Caretta.TestServers.Machines;

/// <summary>A virtual machine without acceleration, from its boot to its end, and what it said on its serial console.</summary>
public static class Machine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <param name="kernel">A folder of <see cref="KernelMatrix"/>.</param>
    /// <param name="script">What is run inside, by busybox's shell.</param>
    /// <param name="byInstructions">
    /// One processor whose clock is the number of instructions it has run: for measuring, whatever else this host does.
    /// </param>
    public static SerialConsole Run(string kernel, GuestArchitecture architecture, string script, bool byInstructions = false)
    {
        var image = GuestImage.With(architecture, script);
        try
        {
            using var machine = Process.Start(Start(KernelMatrix.Vmlinuz(kernel), architecture, image, byInstructions))!;
            var console = machine.StandardOutput.ReadToEndAsync();
            var errors = machine.StandardError.ReadToEndAsync();
            if (!machine.WaitForExit(Patience))
            {
                machine.Kill();
            }

            return new SerialConsole(console.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
        }
        finally
        {
            File.Delete(image);
        }
    }

    private static ProcessStartInfo Start(string vmlinuz, GuestArchitecture architecture, string image, bool byInstructions)
    {
        var arm = architecture == GuestArchitecture.Arm64;
        var start = new ProcessStartInfo(arm ? "qemu-system-aarch64" : "qemu-system-x86_64")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] arguments =
        [
            "-accel", byInstructions ? "tcg" : "tcg,thread=multi", "-smp", byInstructions ? "1" : "2",
            .. byInstructions ? new[] { "-icount", "shift=0,sleep=off" } : [],
            "-machine", arm ? "virt" : "pc", "-cpu", arm ? "cortex-a72" : "max", "-m", "1536",
            "-nodefaults", "-no-reboot", "-nographic", "-serial", "stdio", "-kernel", vmlinuz, "-initrd", image,
            // 5: warnings of the kernel are seen.
            "-append", $"console={(arm ? "ttyAMA0" : "ttyS0")} panic=-1 loglevel=5",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
