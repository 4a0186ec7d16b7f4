namespace Caretta.Aggregator.Map;

/// <summary>How fast a link's totals grew lately.</summary>
/// <param name="Sent">Bytes a second.</param>
/// <param name="Received">Bytes a second.</param>
/// <param name="Opened">Connections a second.</param>
/// <param name="Failed">Connections a second.</param>
/// <param name="RttMicroseconds">Sum of the round-trip samples of that time.</param>
/// <param name="RttSamples">How many they were.</param>
internal readonly record struct LinkRates(float Sent, float Received, float Opened, float Failed, ulong RttMicroseconds, ulong RttSamples);
