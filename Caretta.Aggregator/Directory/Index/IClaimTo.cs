namespace Caretta.Aggregator.Directory.Index;

/// <typeparam name="TSelf">The claim itself.</typeparam>
/// <typeparam name="TKey">What is claimed.</typeparam>
internal interface IClaimTo<TSelf, TKey>
    where TSelf : Claim, IClaimTo<TSelf, TKey>
{
    TKey Key { get; }

    static abstract TSelf Open(TKey key, Holder holder, TimeSpan now);
}
