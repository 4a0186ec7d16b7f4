using System.Text.Json;
using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

/// <summary>What a scenario found out, told on one line: by name a number, or what an application moved and what was counted of it.</summary>
/// <param name="path">How it was counted; null if the agent chose.</param>
internal sealed class Facts(string scenario, ProbePath? path = null)
{
    /// <summary>What such a line begins with.</summary>
    public const string Mark = "caretta-facts ";

    private readonly SortedDictionary<string, ulong> _numbers = [];
    private readonly SortedDictionary<string, ulong[]> _pairs = [];
    private string? _failure;

    public void Number(string name, ulong value) => _numbers[name] = value;

    /// <param name="moved">By the applications.</param>
    public void Pair(string name, ulong moved, ulong counted) => _pairs[name] = [moved, counted];

    public void Failed(Exception failure) => _failure = failure.ToString();

    public void Write(TextWriter console) =>
        console.WriteLine(Mark + JsonSerializer.Serialize(new { scenario, path = path?.ToString(), failure = _failure, numbers = _numbers, pairs = _pairs }));
}
