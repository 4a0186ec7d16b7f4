using System.Threading.Channels;
using Caretta.Aggregator.Directory;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory;

/// <summary>Keeps what the directory tells it, in that order.</summary>
internal sealed class RecordingClient : IDirectoryClient
{
    private readonly Channel<Subject> _changed = Channel.CreateUnbounded<Subject>();
    private readonly Channel<DirectoryState> _states = Channel.CreateUnbounded<DirectoryState>();

    public void Changed(Subject subject) => _changed.Writer.TryWrite(subject);

    public void StateChanged(DirectoryState state) => _states.Writer.TryWrite(state);

    public async Task<Subject> NextChangedAsync() => await _changed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Since the last call, each once.</summary>
    public HashSet<Subject> TakeChanged() => [.. Take(_changed.Reader)];

    /// <summary>Since the last call.</summary>
    public IReadOnlyList<DirectoryState> TakeStates() => Take(_states.Reader);

    private static List<T> Take<T>(ChannelReader<T> reader)
    {
        var taken = new List<T>();
        while (reader.TryRead(out var one))
        {
            taken.Add(one);
        }

        return taken;
    }
}
