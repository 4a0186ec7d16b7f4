using System.Security.Cryptography;

namespace Caretta.Node.Probe;

/// <summary>128 random bits. Not <see cref="Guid.NewGuid"/>, which spends six of them on saying what it is.</summary>
internal static class RandomId
{
    public static Guid New() => new(RandomNumberGenerator.GetBytes(16));

    /// <returns>64 random bits, not all of them 0.</returns>
    public static ulong NewNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) is > 0 and var number ? number : NewNumber();
}
