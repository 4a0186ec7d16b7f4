using System.Runtime.CompilerServices;
using System.Text.Json;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>
/// Both images, built once as <c>make image</c> builds them, on base images made from Debian (see <c>base-images</c>), and unpacked. Docker is
/// gone again by the time that specs run them.
/// </summary>
public sealed class BuiltImages : IAsyncLifetime
{
    public const string Debootstrap = "/usr/sbin/debootstrap";

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-img-").FullName;

    internal BuiltImage Node { get; private set; } = null!;

    internal BuiltImage Aggregator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Containers.Missing is not null)
        {
            return;
        }

        await using var docker = await DockerEngine.Start(Directory.CreateDirectory(Path.Combine(_folder, "docker")).FullName);
        docker.RunWith(Path.Combine(Here(), "base-images"), Directory.CreateDirectory(Path.Combine(_folder, "bases")).FullName);
        docker.RunWith("make", "--directory", Checkout, "--jobs=2", "image", $"IMAGE_BUILD={DockerEngine.Client} build --network=host");
        (Node, Aggregator) = (Unpack(docker, Manifests.NodeImage), Unpack(docker, Manifests.AggregatorImage));
    }

    public ValueTask DisposeAsync()
    {
        Command.Run("rm", "--recursive", "--force", "--one-file-system", _folder);
        return ValueTask.CompletedTask;
    }

    internal static string Checkout => Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private BuiltImage Unpack(DockerEngine docker, string image)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, image.Split(':')[0])).FullName;
        var container = docker.Run("create", "--network=none", image).Trim();
        var tar = $"{root}.tar";
        docker.Run("export", $"--output={tar}", container);
        Command.Run("tar", "--extract", "--numeric-owner", "--same-permissions", $"--directory={root}", $"--file={tar}");
        File.Delete(tar);
        using var inspected = JsonDocument.Parse(docker.Run("image", "inspect", image));
        var found = inspected.RootElement[0];
        return new BuiltImage(root, found.GetProperty("Config").Clone(), found.GetProperty("Size").GetInt64());
    }
}
