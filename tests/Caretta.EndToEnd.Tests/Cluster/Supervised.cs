using Caretta.EndToEnd.Tests.Programs;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>A program that is started again whenever it ends, as a kubelet or systemd would, until it is no longer wanted.</summary>
internal sealed class Supervised(string name, Func<ProgramUnderTest> start) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly List<ProgramUnderTest> _lives = [];
    private Task _watching = Task.CompletedTask;
    private volatile bool _wanted;

    public string Name { get; } = name;

    /// <summary>The present one, or the last if it is not wanted now.</summary>
    public ProgramUnderTest Program => Lives[^1];

    /// <summary>All processes so far, oldest first; what they said can still be read.</summary>
    public IReadOnlyList<ProgramUnderTest> Lives
    {
        get
        {
            lock (_lock)
            {
                return [.. _lives];
            }
        }
    }

    public bool IsWanted => _wanted;

    public void Start()
    {
        _wanted = true;
        _watching = Watch();
    }

    /// <summary>Until the present life is ready; it may be another one than now.</summary>
    public Task Ready() => Eventually.True(() => Program.IsReady(), () => $"{Name} ready; it said:\n{Program.Output}");

    /// <summary>Until it is ready, or is no longer wanted: somebody else may stop it meanwhile.</summary>
    public Task ReadyIfWanted() => Eventually.True(
        async () => !_wanted || await Program.IsReady(), () => $"{Name} ready; it said:\n{Program.Output}");

    /// <summary>Until there have been more lives than this.</summary>
    public Task NextLife(int lives) => Eventually.True(() => Task.FromResult(Lives.Count > lives), () => $"a new start of {Name}");

    /// <summary>SIGTERM, the end, and no new start.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop()
    {
        var exitCode = await Last().Stop();
        await _watching;
        return exitCode;
    }

    /// <summary>kill -9, and no new start.</summary>
    public async Task Kill()
    {
        await Last().Kill();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        if (Lives.Count > 0)
        {
            await Last().DisposeAsync();
        }

        await _watching;
    }

    /// <returns>The life after which there is none: one that ended by itself may just be followed by another.</returns>
    private ProgramUnderTest Last()
    {
        lock (_lock)
        {
            _wanted = false;
            return _lives[^1];
        }
    }

    private async Task Watch()
    {
        while (Next() is { } program)
        {
            await program.Exited;
            if (_wanted)
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <returns>Null: it is no longer wanted.</returns>
    private ProgramUnderTest? Next()
    {
        lock (_lock)
        {
            if (!_wanted)
            {
                return null;
            }

            _lives.Add(start());
            return _lives[^1];
        }
    }
}
