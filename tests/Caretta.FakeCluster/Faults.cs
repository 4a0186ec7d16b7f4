using System.Collections.Concurrent;

namespace Caretta.FakeCluster;

/// <summary>What goes wrong with requests. Everything can be switched while the server runs.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<ApiKind, bool> _forbidden = [];
    private readonly ConcurrentDictionary<ApiKind, ConcurrentQueue<Answer>> _answers = [];
    private readonly ConcurrentDictionary<(ApiKind Kind, bool Watch), Gate> _gates = [];
    private readonly ConcurrentDictionary<ApiKind, int> _cutLists = [];
    private readonly ConcurrentDictionary<ApiKind, int> _cutEvents = [];

    /// <summary>Every request is refused with 401.</summary>
    public bool Unauthorized { get; set; }

    public void Forbid(ApiKind kind) => _forbidden[kind] = true;

    public void Allow(ApiKind kind) => _forbidden.TryRemove(kind, out _);

    /// <summary>The next request for the kind, list or watch, is answered so; may be called several times.</summary>
    public void AnswerNext(ApiKind kind, Answer answer) => _answers.GetOrAdd(kind, _ => []).Enqueue(answer);

    /// <param name="retryAfter">For the header of that name, in seconds.</param>
    public void FailNext(ApiKind kind, int status, int? retryAfter = null, int times = 1)
    {
        var headers = retryAfter is null ? null : new Dictionary<string, string> { ["Retry-After"] = $"{retryAfter}" };
        for (var i = 0; i < times; i++)
        {
            AnswerNext(kind, StatusBody.Answer(status, status == 429 ? "TooManyRequests" : "InternalError", "the server is not well", null, headers));
        }
    }

    /// <summary>Every page of a list waits at the gate.</summary>
    public Gate HoldLists(ApiKind kind) => _gates[(kind, false)] = new Gate();

    /// <summary>Every watch waits at the gate with even the beginning of its response.</summary>
    public Gate HoldWatches(ApiKind kind) => _gates[(kind, true)] = new Gate();

    /// <summary>The connection breaks in the middle of the next page.</summary>
    public void CutNextList(ApiKind kind) => _cutLists.AddOrUpdate(kind, 1, (_, cuts) => cuts + 1);

    /// <summary>The connection breaks in the middle of the next watch line.</summary>
    public void CutNextEvent(ApiKind kind) => _cutEvents.AddOrUpdate(kind, 1, (_, cuts) => cuts + 1);

    internal Answer? Instead(ApiKind kind, string verb)
    {
        if (Unauthorized)
        {
            return StatusBody.Unauthorized();
        }

        return _forbidden.ContainsKey(kind) ? StatusBody.Forbidden(kind, verb)
            : _answers.TryGetValue(kind, out var answers) && answers.TryDequeue(out var answer) ? answer
            : null;
    }

    internal Task AtGate(ApiKind kind, bool watch, CancellationToken cancellation) =>
        _gates.TryGetValue((kind, watch), out var gate) ? gate.Pass(cancellation) : Task.CompletedTask;

    internal bool CutsList(ApiKind kind) => Take(_cutLists, kind);

    internal bool CutsEvent(ApiKind kind) => Take(_cutEvents, kind);

    private static bool Take(ConcurrentDictionary<ApiKind, int> cuts, ApiKind kind)
    {
        while (cuts.TryGetValue(kind, out var left) && left > 0)
        {
            if (cuts.TryUpdate(kind, left - 1, left))
            {
                return true;
            }
        }

        return false;
    }
}
