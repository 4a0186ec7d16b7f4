using Akka.Actor;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Messages;
using Caretta.Messages.Wire;
using ExternalPair = Caretta.Messages.ExternalPair;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One stream's questions about externals, on their way to whoever gives the grants. They are asked again until they are answered, and do
/// not hold up the directory's own answers.
/// </summary>
internal sealed class GrantDialogue(IActorRef grants)
{
    private const int MaxWaiting = 64;

    private readonly Dictionary<ulong, IReadOnlyList<ExternalPair>> _waiting = [];
    private ulong _id;

    public bool IsWaiting => _waiting.Count > 0;

    /// <returns>False if too many wait already.</returns>
    public bool Ask(IReadOnlyList<ExternalPair> pairs)
    {
        if (pairs.Count == 0)
        {
            return true;
        }

        if (_waiting.Count >= MaxWaiting)
        {
            return false;
        }

        _waiting[++_id] = pairs;
        Send(_id, pairs);
        return true;
    }

    public void AskAgain()
    {
        foreach (var (id, pairs) in _waiting)
        {
            Send(id, pairs);
        }
    }

    /// <summary>Null if nobody waits for this answer any more.</summary>
    public FromAggregator? Answer(GrantsGiven given) => !_waiting.Remove(given.Id, out var pairs) ? null : new FromAggregator
    {
        Names = new NameAnswers(0, [], [.. pairs.Zip(given.Granted, (pair, granted) => new GrantedPair(pair, granted))]).ToWire(TimeSpan.Zero),
    };

    private void Send(ulong id, IReadOnlyList<ExternalPair> pairs) =>
        grants.Tell(new AskGrants(id, [.. pairs.Select(pair => GrantPair.Of(pair.Local, pair.External))]));
}
