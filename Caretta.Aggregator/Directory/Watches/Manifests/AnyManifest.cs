namespace Caretta.Aggregator.Directory.Watches.Manifests;

/// <summary>What all kinds have, and all that controllers need.</summary>
internal record AnyManifest(ObjectMeta? Metadata);
