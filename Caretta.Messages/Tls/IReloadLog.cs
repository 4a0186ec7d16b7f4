namespace Caretta.Messages.Tls;

/// <summary>Is told what became of changed files. Each is counted before it is logged.</summary>
public interface IReloadLog
{
    /// <param name="what">As <c>certificate</c>: a metric's label.</param>
    void Reloaded(string what);

    /// <summary>The new content cannot be used; the old one stays in use. Told once for each content.</summary>
    void Kept(string what, string why);
}
