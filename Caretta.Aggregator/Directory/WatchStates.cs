using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>How the watches stand together, and what follows for the directory.</summary>
internal sealed class WatchStates
{
    private readonly Dictionary<ObjectKind, WatchState> _states = Enum.GetValues<ObjectKind>().ToDictionary(kind => kind, _ => WatchState.Listing);
    private readonly HashSet<ObjectKind> _listed = [];
    private bool _answers; // and goes on to: a kind that we may see from now on does not silence the others

    /// <summary>Kinds whose first list is still to come; without those we may not see.</summary>
    public IReadOnlyList<ObjectKind> Missing =>
        [.. _states.Where(of => of.Value != WatchState.Forbidden && !_listed.Contains(of.Key)).Select(of => of.Key)];

    public IReadOnlyList<ObjectKind> Forbidden => Of(WatchState.Forbidden);

    public IReadOnlyList<ObjectKind> Interrupted => Of(WatchState.Interrupted);

    public DirectoryState State => new(
        Enabled: true,
        Answers: _answers,
        Current: _answers && _states.Values.All(state => state is WatchState.Current or WatchState.Forbidden));

    public void Listed(ObjectKind kind)
    {
        _listed.Add(kind);
        _answers |= Missing.Count == 0;
    }

    public void Set(ObjectKind kind, WatchState state)
    {
        _states[kind] = state;
        _answers |= Missing.Count == 0;
    }

    private List<ObjectKind> Of(WatchState state) => [.. _states.Where(of => of.Value == state).Select(of => of.Key)];
}
