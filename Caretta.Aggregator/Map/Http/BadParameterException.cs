namespace Caretta.Aggregator.Map.Http;

/// <summary>A question that cannot be answered as it was asked. The message goes to who asked: cause and remedy.</summary>
internal sealed class BadParameterException(string message) : Exception(message);
