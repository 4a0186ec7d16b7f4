using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// Whose a node's name is. An agent that comes anew, maybe to another member, is not kept out by what is left of its stream before; another
/// agent of that name is. Pure.
/// </summary>
internal sealed class NodeClaim<TStream>
    where TStream : class
{
    private Guid _incarnation;
    private TimeSpan _began;

    public TStream? Holder { get; private set; }

    /// <param name="now">On a monotonic clock.</param>
    /// <returns>What to tell who claims, and who has lost the name to him.</returns>
    public (NodeVerdict Verdict, TStream? Displaced) Claim(TStream stream, Source source, TimeSpan age, TimeSpan now)
    {
        if (Holder is null || Holder.Equals(stream))
        {
            Take(stream, source, now - age);
            return (NodeVerdict.Granted, null);
        }

        if (source.Incarnation != _incarnation)
        {
            return (NodeVerdict.InUse, null);
        }

        if (now - age < _began)
        {
            return (NodeVerdict.TakenOver, null); // the claim of a stream that was left behind came late
        }

        var displaced = Holder;
        Take(stream, source, now - age);
        return (NodeVerdict.Granted, displaced);
    }

    /// <returns>Whether the name is free now.</returns>
    public bool Ended(TStream stream)
    {
        if (stream.Equals(Holder))
        {
            Holder = null;
        }

        return Holder is null;
    }

    private void Take(TStream stream, Source source, TimeSpan began) => (Holder, _incarnation, _began) = (stream, source.Incarnation, began);
}
