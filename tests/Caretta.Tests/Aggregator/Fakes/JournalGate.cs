using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>What can go wrong with a write on its way into the journal; one per actor system.</summary>
internal sealed class JournalGate : IExtension
{
    private HeldWrite? _held;
    private int _fails;
    private int _answersLost;

    public static JournalGate Of(ActorSystem system) => system.WithExtension<JournalGate, Provider>();

    /// <summary>The next write waits before the journal has it.</summary>
    public HeldWrite HoldNext() => _held = new HeldWrite(this);

    public void FailNext() => _fails = 1;

    /// <summary>Whoever would recover cannot.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>The journal has the next write, but says that it failed.</summary>
    public void LoseNextAnswer() => _answersLost = 1;

    internal sealed class HeldWrite(JournalGate gate)
    {
        private readonly TaskCompletionSource<(IActorRef Journal, object Message, IActorRef Sender)> _write =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The write is here and waits.</summary>
        public Task Arrived => _write.Task;

        public void Hold(IActorRef journal, object message, IActorRef sender) => _write.SetResult((journal, message, sender));

        public async Task LetThroughAsync()
        {
            var (journal, message, sender) = await _write.Task;
            journal.Tell(message, sender);
        }

        public Task FailAsync()
        {
            gate.FailNext();
            return LetThroughAsync();
        }
    }

    /// <summary>The product's journal behind the gate.</summary>
    internal sealed class Journal(Config config) : SqlWriteJournal(config)
    {
        private readonly JournalGate _gate = Of(Context.System);

        protected override bool AroundReceive(Receive receive, object message)
        {
            if (message is WriteMessages && Interlocked.Exchange(ref _gate._held, null) is { } held)
            {
                held.Hold(Self, message, Sender);
                return true;
            }

            return base.AroundReceive(receive, message);
        }

        protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _gate._fails, 0) == 1)
            {
                return Task.FromException<IImmutableList<Exception>>(new IOException("No space left on device"));
            }

            var writing = base.WriteMessagesAsync(messages, cancellationToken);
            return Interlocked.Exchange(ref _gate._answersLost, 0) == 1 ? LoseAnswerAsync(writing) : writing;
        }

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
            _gate.ReadsFail
                ? Task.FromException<long>(new IOException("Input/output error"))
                : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);

        private static async Task<IImmutableList<Exception>> LoseAnswerAsync(Task writing)
        {
            await writing;
            throw new IOException("Connection reset by peer");
        }
    }

    private sealed class Provider : ExtensionIdProvider<JournalGate>
    {
        public override JournalGate CreateExtension(ExtendedActorSystem system) => new();
    }
}
