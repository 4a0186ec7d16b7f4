using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Images;

/// <summary>The images, run as a cluster runs them: with what the manifests give each, and with no more.</summary>
[Collection(ImagesGroup.Name)]
public sealed class ImageSpecs(BuiltImages images)
{
    [ContainersFact]
    public async Task Payload_is_counted_exactly_through_both_and_while_either_is_away()
    {
        await using var installation = await Installation.New(images);
        await installation.StartBoth();
        using var traffic = new Traffic(61, installation.Pods.Client, installation.Pods.Server);
        traffic.ShortConnection();
        traffic.LongConnection();
        await installation.Settles(traffic);

        await installation.Agent.Kill();
        traffic.ShortConnection(); // nobody but the pinned programs is there
        traffic.LongConnection();
        await installation.StartAgent().Program.Ready();
        await installation.Settles(traffic);

        await installation.Aggregator.Kill();
        traffic.ShortConnection();
        await installation.StartAggregator().Program.Ready();
        traffic.CloseLongConnection();
        await installation.Settles(traffic);

        Assert.Equal(0, await installation.Agent.Program.Stop());
        Assert.Equal(0, await installation.Aggregator.Program.Stop());
    }

    [ContainersFact]
    public void They_hold_the_program_its_libraries_and_no_shell()
    {
        foreach (var image in new[] { images.Node, images.Aggregator })
        {
            Assert.Equal(["dotnet"], Directory.EnumerateFileSystemEntries(Path.Combine(image.Root, "usr/bin")).Select(Path.GetFileName));
            Assert.False(Directory.Exists(Path.Combine(image.Root, "usr/sbin")));
            Assert.False(Directory.Exists(Path.Combine(image.Root, "usr/share/dotnet/sdk")));
            Assert.Equal("dotnet", image.Entrypoint.First());
        }

        Assert.True(File.Exists(Path.Combine(images.Node.Root, "usr/lib/libbpf.so.1")));
        Assert.NotEqual("0", images.Aggregator.User.Split(':')[0]);
    }
}
