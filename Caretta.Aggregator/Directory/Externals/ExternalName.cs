using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Externals;

/// <param name="IsPending">A better name has been asked for and none was given before; <see cref="ExternalNames.Changed"/> tells when it is there.</param>
internal readonly record struct ExternalName(Workload Workload, bool IsPending);
