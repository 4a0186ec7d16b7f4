namespace Caretta.Aggregator;

public enum LogFormat
{
    Text,
    Json,
}
