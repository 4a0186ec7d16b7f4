using System.Net;

namespace Caretta.Node.Forward;

/// <summary>
/// Which aggregator to try next: any, with the same chance, so that agents spread; but none twice before the others had their turn. Pure but
/// for the dice.
/// </summary>
public sealed class MemberChooser(Random random)
{
    private readonly HashSet<IPEndPoint> _failed = [];

    /// <param name="members">All there are, at least one.</param>
    public MemberAddress Choose(IReadOnlyList<MemberAddress> members)
    {
        var distinct = members.DistinctBy(member => member.Socket).ToList();
        var untried = distinct.Where(member => !_failed.Contains(member.Socket)).ToList();
        if (untried.Count == 0)
        {
            _failed.Clear(); // everybody failed: a new round
            untried = distinct;
        }

        return untried[random.Next(untried.Count)];
    }

    public void Failed(MemberAddress member) => _failed.Add(member.Socket);

    /// <summary>A stream lasted: what failed before may be well again.</summary>
    public void Succeeded() => _failed.Clear();

    /// <summary>Whether somebody is left who has not failed in this round: then there is no reason to pause.</summary>
    public bool IsAnyLeft(IReadOnlyList<MemberAddress> members) => members.Any(member => !_failed.Contains(member.Socket));
}
