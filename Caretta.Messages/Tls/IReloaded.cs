namespace Caretta.Messages.Tls;

/// <summary>Something made of files that may change.</summary>
public interface IReloaded
{
    /// <summary>Reads the files again, and takes over what they hold if it is new and can be used.</summary>
    void Reload(IReloadLog log);
}
