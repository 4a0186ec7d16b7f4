using Prometheus;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>
/// Tells how it stands with one kind: the sink, the metrics and, when it changes, the log. Whoever sees that it went wrong finds the reason in the log.
/// </summary>
internal sealed class WatchReport
{
    private readonly WatchedKind _kind;
    private readonly IWatchSink _sink;
    private readonly ILogger _logger;
    private readonly Gauge.Child _current;
    private readonly Gauge.Child _forbidden;
    private readonly Counter.Child _lists;
    private readonly Counter.Child _events;
    private readonly Counter.Child _interruptions;
    private readonly Counter.Child _malformed;
    private WatchState? _state;
    private bool _toldOfMalformed;

    public WatchReport(WatchedKind kind, IWatchSink sink, DirectoryMetrics metrics, ILogger logger)
    {
        _kind = kind;
        _sink = sink;
        _logger = logger;
        var label = kind.Kind.ToString();
        _current = metrics.WatchCurrent.WithLabels(label);
        _forbidden = metrics.WatchForbidden.WithLabels(label);
        _lists = metrics.Lists.WithLabels(label);
        _events = metrics.Events.WithLabels(label);
        _interruptions = metrics.Interruptions.WithLabels(label);
        _malformed = metrics.Malformed.WithLabels(label);
    }

    public void Begins() => Enter(WatchState.Listing);

    public void ListEnded(int objects)
    {
        _lists.Inc();
        _logger.LogInformation("Listed {Objects} {Resource}", objects, _kind.Resource);
    }

    public void Event() => _events.Inc();

    public void Current()
    {
        if (Enter(WatchState.Current) is WatchState.Interrupted or WatchState.Forbidden)
        {
            _logger.LogInformation("Changes of {Resource} arrive again", _kind.Resource);
        }
    }

    public void Expired(string why)
    {
        _logger.LogInformation(
            "The API server no longer knows what has changed of {Resource}: {Why}. They are listed anew", _kind.Resource, why);
        Enter(WatchState.Interrupted);
    }

    public void Interrupted(string why)
    {
        _interruptions.Inc();
        if (_state != WatchState.Interrupted)
        {
            _logger.LogWarning("{Resource} cannot be listed or watched; it is tried again: {Why}", _kind.Resource, why);
        }

        Enter(WatchState.Interrupted);
    }

    public void Forbidden(string why)
    {
        if (_state != WatchState.Forbidden)
        {
            _logger.LogWarning(
                "The API server does not let us see {Resource}; what they would tell goes unnamed. {Why}. "
                + "The ClusterRole of the aggregator needs {Rule}",
                _kind.Resource,
                why,
                _kind.Rule);
        }

        Enter(WatchState.Forbidden);
    }

    public void Malformed(string flaw)
    {
        _malformed.Inc();
        if (!_toldOfMalformed)
        {
            _toldOfMalformed = true;
            _logger.LogWarning(
                "Of {Resource}, one is not understood and left out, or a part of it: {Flaw}. Further ones are only counted",
                _kind.Resource,
                flaw);
        }
    }

    /// <returns>The state it was in before.</returns>
    private WatchState? Enter(WatchState state)
    {
        var before = _state;
        if (before != state)
        {
            _state = state;
            _current.Set(state == WatchState.Current ? 1 : 0);
            _forbidden.Set(state == WatchState.Forbidden ? 1 : 0);
            _sink.StateChanged(_kind.Kind, state);
        }

        return before;
    }
}
