using Caretta.EndToEnd.Tests.Programs;
using k8s.Models;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>A bundle that runs, in the foreground of runc: what it says and how it ends are the container's.</summary>
internal sealed class Container : IAsyncDisposable
{
    public const string Runtime = "/usr/sbin/runc";

    private readonly string _id = $"caretta-test-{Guid.NewGuid():N}";
    private readonly string _state;

    public Container(Bundle bundle, Uri http)
    {
        _state = Path.Combine(bundle.Save().Folder, "runc");
        Program = ProgramUnderTest.StartCommand(http, Runtime, "--root", _state, "run", "--bundle", bundle.Folder, _id);
    }

    /// <summary>Signals reach the container, except SIGKILL.</summary>
    public ProgramUnderTest Program { get; }

    /// <summary>What a kubelet starts of an image.</summary>
    public static IReadOnlyList<string> Command(BuiltImage image, V1Container container) =>
        [.. container.Command ?? [.. image.Entrypoint], .. container.Args ?? []];

    /// <summary>A program beside the container's first, as kubectl exec and probes run one.</summary>
    public (int ExitCode, string Output) Exec(params IEnumerable<string> command) => Hosts.Command.Try(Runtime, ["--root", _state, "exec", _id, .. command]);

    /// <summary>kill -9, and wait until the kernel has taken it away.</summary>
    public async Task Kill()
    {
        Hosts.Command.Run(Runtime, "--root", _state, "kill", _id, "KILL");
        await Program.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        Hosts.Command.Try(Runtime, "--root", _state, "delete", "--force", _id);
        await Program.Exited;
        await Program.DisposeAsync();
    }
}
