namespace Caretta.Aggregator.Certificates;

/// <summary>A certificate and its key, both PEM.</summary>
internal sealed record IssuedPem(string Certificate, string Key)
{
    /// <summary>Not the key.</summary>
    public override string ToString() => Certificate;
}
