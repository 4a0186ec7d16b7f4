namespace Caretta.Messages.Tls;

/// <param name="File">Its path, for messages.</param>
/// <param name="Text">What was read from it.</param>
public sealed record FileText(string File, string Text)
{
    /// <summary>Nothing of the text: it may be a key.</summary>
    public override string ToString() => File;
}
