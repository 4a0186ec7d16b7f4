using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>Who is to be told of changes of what.</summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<IDirectoryClient, HashSet<Subject>> _subjects = [];
    private readonly Dictionary<Subject, List<IDirectoryClient>> _clients = [];

    public IEnumerable<IDirectoryClient> Clients => _subjects.Keys;

    /// <summary>Subjects at least one client asked about.</summary>
    public int Count => _clients.Count;

    public void Join(IDirectoryClient client) => _subjects.TryAdd(client, []);

    /// <exception cref="TooManySubjectsException">It is one more than a client may have.</exception>
    public void Add(IDirectoryClient client, Subject subject)
    {
        if (!_subjects.TryGetValue(client, out var own) || !own.Add(subject))
        {
            return;
        }

        if (own.Count > NameQuestions.MaxSubjectsPerStream)
        {
            throw new TooManySubjectsException();
        }

        if (!_clients.TryGetValue(subject, out var clients))
        {
            _clients[subject] = clients = new List<IDirectoryClient>(1);
        }

        clients.Add(client);
    }

    public bool Has(IDirectoryClient client, Subject subject) => _subjects.TryGetValue(client, out var own) && own.Contains(subject);

    public IReadOnlyList<IDirectoryClient> Of(Subject subject) => _clients.TryGetValue(subject, out var clients) ? clients : [];

    public void Remove(IDirectoryClient client, Subject subject)
    {
        if (_subjects.TryGetValue(client, out var own) && own.Remove(subject))
        {
            Drop(client, subject);
        }
    }

    public void Leave(IDirectoryClient client)
    {
        if (_subjects.Remove(client, out var own))
        {
            foreach (var subject in own)
            {
                Drop(client, subject);
            }
        }
    }

    private void Drop(IDirectoryClient client, Subject subject)
    {
        if (_clients.TryGetValue(subject, out var clients) && clients.Remove(client) && clients.Count == 0)
        {
            _clients.Remove(subject);
        }
    }
}
