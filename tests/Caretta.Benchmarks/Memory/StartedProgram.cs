using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Caretta.Benchmarks.Memory;

/// <summary>The agent or the aggregator as a process of its own, as this configuration built it.</summary>
internal sealed class StartedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private readonly Process _process;
    private readonly int _port;

    /// <param name="which">The project, and the executable it builds.</param>
    /// <param name="cgroup">Where it is to run; null: where we do.</param>
    public StartedProgram((string Project, string Program) which, int httpPort, MemoryCgroup? cgroup, params string[] arguments)
    {
        var program = Path.Combine(SourceFolder.Repository, which.Project, "bin", BuildConfiguration, "net10.0", which.Program);
        // The shell moves itself before it becomes the program, so that all of the program's memory is accounted there.
        var enter = cgroup is null ? "" : $"echo $$ > {cgroup.Processes} && ";
        _port = httpPort;
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{enter}exec \"$0\" \"$@\"", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void WaitUntilReady() => WaitUntil("is ready", () => Answers("/readyz"));

    public void WaitUntil(string what, Func<bool> isSo)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[2]}: waited in vain until it {what}.");
            }

            Thread.Sleep(100);
        }
    }

    /// <summary>
    /// Of its own metrics page; a series without labels. No more of the page is read than that: links come last on it, and hundreds of megabytes of them
    /// would be what is measured.
    /// </summary>
    public double Metric(string name)
    {
        using var answer = Http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}/metrics"), HttpCompletionOption.ResponseHeadersRead);
        using var page = new StreamReader(answer.EnsureSuccessStatusCode().Content.ReadAsStream());
        while (page.ReadLine() is { } line)
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal))
            {
                return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    public long ResidentBytes => Kilobytes("status", "VmRSS:") * 1024;

    public long PrivateBytes => (Kilobytes("smaps_rollup", "Private_Clean:") + Kilobytes("smaps_rollup", "Private_Dirty:")) * 1024;

    public bool HasEnded => _process.HasExited;

    /// <summary>SIGKILL: nothing in the process gets to know.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM; it takes its time.</summary>
    public void Terminate() => Command.Run("/bin/kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Asks it to stop, and insists where it does not.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Terminate();
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    private static string BuildConfiguration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private bool Answers(string path)
    {
        try
        {
            using var answer = Http.GetAsync($"http://127.0.0.1:{_port}{path}").GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private long Kilobytes(string file, string field) => File.ReadLines($"/proc/{_process.Id}/{file}")
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).Single();
}
