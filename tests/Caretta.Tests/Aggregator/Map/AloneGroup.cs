namespace Caretta.Tests.Aggregator.Map;

/// <summary>Specs that look at the memory of the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    public const string Name = "alone";
}
