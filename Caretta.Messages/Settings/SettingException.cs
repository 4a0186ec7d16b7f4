namespace Caretta.Messages.Settings;

/// <summary>A setting or an argument cannot be used. The message names it and says what would do.</summary>
public sealed class SettingException(string message) : Exception(message);
