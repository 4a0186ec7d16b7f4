using System.Text.Json;

namespace Caretta.TestServers.Machines;

/// <summary>What a machine said.</summary>
public sealed class SerialConsole(string text)
{
    private const string Mark = "caretta-facts ";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Text { get; } = text.Replace("\r", "", StringComparison.Ordinal);

    /// <summary>What the guest's scenarios found out.</summary>
    public IReadOnlyList<GuestFacts> Facts =>
    [
        .. from line in Text.Split('\n')
           where line.StartsWith(Mark, StringComparison.Ordinal)
           select JsonSerializer.Deserialize<GuestFacts>(line[Mark.Length..], Json)!,
    ];

    /// <summary>Its script came to its end, and the last command ended well.</summary>
    public bool Ended => Text.Contains("caretta-ended 0", StringComparison.Ordinal);

    /// <summary>The kernel found something to warn of.</summary>
    public bool Warned => Text.Contains("WARNING:", StringComparison.Ordinal) || Text.Contains("BUG:", StringComparison.Ordinal);
}
