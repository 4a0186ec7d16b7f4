namespace Caretta.Aggregator.Directory.Index;

/// <summary>One string for each namespace, however often it is told.</summary>
internal sealed class NamespaceNames
{
    private const int Most = 10_000;

    private readonly HashSet<string> _names = [];

    public string One(string name)
    {
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_names.Count == Most)
        {
            // Namespaces are not forgotten one by one; beginning anew costs a few strings that are there twice.
            _names.Clear();
        }

        _names.Add(name);
        return name;
    }
}
