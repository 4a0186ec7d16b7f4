namespace Caretta.EndToEnd.Tests.Images;

/// <summary>Specs of the images: they are built once for all of them, and while nothing else runs, since a build takes all processors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ImagesGroup : ICollectionFixture<BuiltImages>
{
    public const string Name = "images";
}
