using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

internal sealed class AddressClaim(Address address, Holder holder, TimeSpan seen) : Claim(holder, seen), IClaimTo<AddressClaim, Address>
{
    public Address Key => address;

    public override Subject Subject => Subject.Of(address);

    public static AddressClaim Open(Address key, Holder holder, TimeSpan now) => new(key, holder, now);
}
