using Akka.Actor;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>The grants move to another member: end once the journal has answered, so that two never write at a time.</summary>
internal sealed record StopGrants : INoSerializationVerificationNeeded;
