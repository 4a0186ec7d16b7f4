using System.Text;
using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Exposition;

/// <summary>One metric family of the links.</summary>
/// <param name="Name">As in the TYPE line.</param>
/// <param name="Samples">Lines per link: the suffix after the name, and the value. Levels are apart, see <see cref="LinkFamilies"/>.</param>
internal sealed record LinkFamily(string Name, string Type, string Help, params LinkSample[] Samples)
{
    public byte[] Header { get; } = Encoding.UTF8.GetBytes($"# HELP {Name} {Help}\n# TYPE {Name} {Type}\n");
}

/// <param name="InMicroseconds">The value is in microseconds, to be printed as seconds.</param>
internal sealed record LinkSample(string Name, Func<LinkValues, ulong> Value, bool InMicroseconds = false)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);
}
