namespace Caretta.Node;

public enum LogFormat
{
    Text,
    Json,
}
