namespace Caretta.EndToEnd.Tests.Network;

/// <summary>How the way from one site to another treats frames. Faults may overlap: the parts do not touch each other.</summary>
internal sealed record Path
{
    public static readonly Path Sound = new();

    /// <summary>Nothing arrives.</summary>
    public bool Cut { get; init; }

    /// <summary>Of a hundred frames.</summary>
    public int LostPercent { get; init; }

    /// <summary>Of a hundred frames; they arrive twice.</summary>
    public int DoubledPercent { get; init; }

    public TimeSpan Delay { get; init; }
}
