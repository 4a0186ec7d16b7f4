namespace Caretta.EndToEnd.Tests.Images;

/// <summary>Whether this machine can build images and run them; if not the specs are skipped with the reason, or fail when told that they must run.</summary>
internal static class Containers
{
    private static readonly string[] Needed = [DockerEngine.Daemon, DockerEngine.Client, Container.Runtime, BuiltImages.Debootstrap, DefaultSeccomp.File];

    /// <summary>Null when the specs can run.</summary>
    public static string? Missing { get; } = Privileged.Missing
        ?? (Needed.FirstOrDefault(file => !File.Exists(file)) is { } absent && Environment.GetEnvironmentVariable(Privileged.Required) != "1"
            ? $"needs {absent}: Debian's packages docker.io, runc, debootstrap and golang-github-containers-common"
            : null);
}
