namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>One line of a scrape. Values of link series are whole numbers or microseconds: decimal keeps both exactly.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, decimal Value)
{
    /// <summary>Name and labels as written: the identity over several scrapes.</summary>
    public required string Key { get; init; }

    public string this[string label] => Labels.TryGetValue(label, out var value) ? value : "";
}
