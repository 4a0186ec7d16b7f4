namespace Caretta.Aggregator.Security.Http;

/// <summary>Who may read a page.</summary>
public enum PageAccess
{
    /// <summary>Whom the HTTP port's authentication lets in; everybody if there is none.</summary>
    Guarded,

    Open,
}
