namespace Caretta.Messages.Settings;

public enum LogFormat
{
    /// <summary>One line an event, for people.</summary>
    Text,

    /// <summary>One JSON object an event, for collectors.</summary>
    Json,
}
