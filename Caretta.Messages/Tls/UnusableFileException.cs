namespace Caretta.Messages.Tls;

/// <summary>A file of certificates, keys or the like cannot be used. The message names it, with cause and remedy, and holds nothing secret.</summary>
public sealed class UnusableFileException(string message, Exception? inner = null) : Exception(message, inner);
