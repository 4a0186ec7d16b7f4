namespace Caretta.EndToEnd.Tests.Images;

/// <summary>Specs of the images: they are built once for all of them.</summary>
[CollectionDefinition(Name)]
public sealed class ImagesGroup : ICollectionFixture<BuiltImages>
{
    public const string Name = "images";
}
