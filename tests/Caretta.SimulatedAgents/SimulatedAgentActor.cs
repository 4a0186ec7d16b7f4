using Akka.Actor;
using Caretta.Messages;
using Caretta.Node.Forward;
using Source = Caretta.Messages.Source;

namespace Caretta.SimulatedAgents;

/// <summary>
/// One agent without a kernel: its probe polls made-up links, its forwarder is the real one. It also stands between the forwarder and its
/// streams, to measure and to misbehave.
/// </summary>
internal sealed class SimulatedAgentActor : UntypedActor, IWithTimers
{
    private readonly FleetOptions _options;
    private readonly int _agent;
    private readonly ForwarderOptions _forwarding;
    private readonly ForwarderMetrics _metrics;
    private readonly AckTimes _times;
    private readonly PollDelays _delays;
    private readonly Random _random;
    private readonly Random _restartDice;
    private readonly Dictionary<ulong, LinkTotals> _earlier = [];
    private readonly List<LedgerEpoch> _epochs = [];
    private AgentLinks _links;
    private Source _source;
    private IActorRef _forwarder = ActorRefs.Nobody;
    private MischiefUplink? _uplink;
    private ulong _polls;
    private int _incarnations;
    private int _restarts;
    private bool _done;

    public SimulatedAgentActor(FleetOptions options, int agent, ForwarderOptions forwarding, ForwarderMetrics metrics, AckTimes times, AckTimes delays)
    {
        _delays = new PollDelays(delays, TimeProvider.System);
        (_options, _agent, _forwarding, _metrics, _times) = (options, agent, forwarding, metrics, times);
        _random = new Random(unchecked((options.Seed * 7919) + agent));
        _restartDice = new Random(unchecked((options.Seed * 104_729) + agent)); // asked at polls alone, so that a seed always has the same ones restart
        _links = new AgentLinks(options, agent);
        _source = NewSource();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        StartForwarder();
        // Agents of a real cluster do not poll in step.
        Timers.StartPeriodicTimer(nameof(Poll), new Poll(), _options.PollInterval * _random.NextDouble(), _options.PollInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Poll: PollLinks(); break;
            case StreamReceived received: Pass(received); break;
            case StreamBroken broken: _forwarder.Tell(broken); break;
            case RunLater later: later.Action(); break;
            case StopPolling: Done(); break;
            case TellTruth: _forwarder.Tell(new Identify(Sender)); break; // until it has heard of all that was counted
            case ActorIdentity forwarder: Tell((IActorRef)forwarder.MessageId, forwarder.Subject is not null); break;
            case IncarnationRefused refused when refused.Source == _source: BeginAnew(); break;
            case IncarnationRefused or DirectoryTold or DirectoryLost or NamesTold: break;
            case Terminated: StartForwarder(); break;
            default: Unhandled(message); break;
        }
    }

    private void StartForwarder()
    {
        var (self, options, times) = (Self, _options, _times);
        var random = new Random(_random.Next()); // the forwarder's: it opens streams on its own thread
        var scheduler = Context.System.Scheduler;
        var endpoints = _forwarding.Aggregators;
        var security = FleetSecurity.Of(options, _agent, _metrics);
        IUplink Open(int stream, MemberAddress member, IActorRef owner)
        {
            void Later(TimeSpan pause, Action action) => scheduler.ScheduleTellOnce(pause, self, new RunLater(action), ActorRefs.NoSender);
            var uplink = new MischiefUplink(
                GrpcUplink.To(security)(stream, member, self), options.Mischief, new Random(random.Next()), Later, times);
            Volatile.Write(ref _uplink, uplink);
            return uplink;
        }

        _forwarder = Context.ActorOf(ForwarderActor.Props(
            _forwarding, _metrics, () => MemberLookup.FindAsync(endpoints), Open, TimeProvider.System, new Random(_random.Next())));
        Context.Watch(_forwarder);
        _epochs.Add(new LedgerEpoch((ulong)_random.NextInt64(1, long.MaxValue), _links.Sequence));
        _forwarder.Tell(new SourceStarted(_source, _links.Sequence, _links.All) { Epochs = [.. _epochs] });
    }

    private void PollLinks()
    {
        if (_options.Polls > 0 && _polls >= (ulong)_options.Polls)
        {
            Done();
            return;
        }

        _polls++;
        var reports = _links.Poll();
        _delays.Polled(_links.Sequence);
        _forwarder.Tell(new ReportsCommitted(_source, _links.Sequence, reports));
        if (_restartDice.NextDouble() < _options.Mischief / 10)
        {
            _restarts++;
            Context.Stop(_forwarder); // its end starts the next one, with the ledger's totals
        }
    }

    private void Pass(StreamReceived received)
    {
        if (Volatile.Read(ref _uplink)?.Receive(received.Message) is { } message)
        {
            foreach (var held in message.Answers?.Held ?? (message.Held is { } only ? [only] : []))
            {
                NoteHeld(held);
            }

            _forwarder.Tell(received with { Message = message });
        }
    }

    private void NoteHeld(Messages.Wire.Held held)
    {
        if (held.BatchId > 0)
        {
            _delays.Held(held.Shard, held.Sequence);
        }
    }

    private void Done()
    {
        _done = true;
        Timers.CancelAll();
    }

    private void BeginAnew()
    {
        foreach (var report in _links.All)
        {
            _earlier[report.Link.Id] = _earlier.GetValueOrDefault(report.Link.Id) + report.Totals;
        }

        _links = new AgentLinks(_options, _agent);
        _delays.Clear();
        _source = NewSource();
        _epochs.RemoveRange(0, _epochs.Count - 1);
        _forwarder.Tell(new SourceStarted(_source, 0, []) { Epochs = [.. _epochs] });
    }

    private void Tell(IActorRef asker, bool isForwarding)
    {
        var totals = new Dictionary<ulong, LinkTotals>(_earlier);
        foreach (var report in _links.All)
        {
            totals[report.Link.Id] = totals.GetValueOrDefault(report.Link.Id) + report.Totals;
        }

        asker.Tell(new AgentTruth(
            [.. totals.Select(pair => (pair.Key, pair.Value))], _polls, _incarnations, _restarts, _done && isForwarding));
    }

    private Source NewSource()
    {
        Span<byte> bits = stackalloc byte[16];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bits); // two runs with one seed are two hosts reinstalled, not one
        _incarnations++;
        return new Source(_options.NodeName(_agent), new Guid(bits));
    }

    private sealed record Poll : INoSerializationVerificationNeeded;

    private sealed record RunLater(Action Action) : INoSerializationVerificationNeeded;
}
