using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>A shell that has run a script and stays, sockets open, until it is let go.</summary>
internal sealed class HeldProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Returns when the script has been run.</summary>
    /// <param name="host">Whose network namespace it runs in; null for ours.</param>
    public HeldProcess(string script, TestHost? host = null)
        : this(["bash", "-c", $"set -e; {script}; echo ready; read -r end || true"], host)
    {
    }

    /// <param name="command">Says "ready", and ends when its input does.</param>
    public HeldProcess(string[] command, TestHost? host = null)
    {
        // Not ip netns exec, which gives it another /sys as well.
        string[] enter = host is null ? [] : ["nsenter", $"--net=/run/netns/{host.Name}"];
        _process = Process.Start(new ProcessStartInfo("env", [.. enter, .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", _process.StandardOutput.ReadLine());
    }

    public uint Id => (uint)_process.Id;

    /// <summary>For a command that reads orders, and says "obeyed" after each.</summary>
    public void Obey(string order)
    {
        _process.StandardInput.WriteLine(order);
        Assert.Equal("obeyed", _process.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
