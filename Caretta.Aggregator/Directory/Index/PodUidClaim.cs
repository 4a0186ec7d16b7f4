using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>That a pod is meant by a uid. Also by a static pod's: of the mirror pods that the API server has had for it, the last.</summary>
internal sealed class PodUidClaim(Guid uid, Holder holder, TimeSpan seen) : Claim(holder, seen), IClaimTo<PodUidClaim, Guid>
{
    public Guid Key => uid;

    public override Subject Subject => Subject.OfPod(uid);

    public static PodUidClaim Open(Guid key, Holder holder, TimeSpan now) => new(key, holder, now);
}
