namespace Caretta.Aggregator.Map.Http;

internal enum ParameterKind
{
    Text,
    Whole,
    Number,
    Choice,
    List,
}

/// <summary>A parameter of the API: what is read by is what the OpenAPI document says.</summary>
internal sealed record Parameter(string Name, ParameterKind Kind, string Description)
{
    public double Least { get; init; }

    public double Most { get; init; }

    /// <summary>If it is not given; null: nothing.</summary>
    public double? Default { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Items of a list.</summary>
    public int MostItems { get; init; } = 100;
}
