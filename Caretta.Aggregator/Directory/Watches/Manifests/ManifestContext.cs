using System.Text.Json.Serialization;

namespace Caretta.Aggregator.Directory.Watches.Manifests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AnyManifest))]
[JsonSerializable(typeof(PodManifest))]
[JsonSerializable(typeof(NodeManifest))]
[JsonSerializable(typeof(ServiceManifest))]
[JsonSerializable(typeof(EndpointSliceManifest))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(ApiStatus))]
internal sealed partial class ManifestContext : JsonSerializerContext;
