using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// What a stranger may send. The bounds keep memory, labels and sums finite: a message of 4 MiB (gRPC's default), 16,384 reports a batch,
/// names of 253 characters (Kubernetes' longest), totals below 2^56. What only a broken agent does ends its stream; a single report that
/// nobody could mean is left out and counted, because names come from what runs on a host: no process may silence its node by how it calls
/// itself. How totals relate to each other is not judged: the kernel's counters are read one by one, and sockets older than the agent
/// close without having been opened.
/// </summary>
internal static class IngressRules
{
    public const int MaxReports = 16_384;
    public const int MaxNameLength = NameRules.MaxLength;
    public const int MaxProblemLength = 4096;
    public const ulong MaxTotal = TotalBound.Max;
    public const uint MaxConnections = 1U << 22;
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromHours(1);

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static AgentHello Check(Hello hello)
    {
        CheckName("The node's name", hello.NodeName, mayBeEmpty: false);
        CheckName("The agent's version", hello.Version, mayBeEmpty: true);
        Require(hello.Incarnation.Length == 16, $"An incarnation has 16 bytes, not {hello.Incarnation.Length}.");
        var poll = TimeSpan.FromMilliseconds(hello.PollIntervalMs);
        Require(poll >= ShortestPoll && poll <= LongestPoll, $"The poll interval is {poll}; it is between {ShortestPoll} and {LongestPoll}.");
        return new AgentHello(
            new Messages.Source(hello.NodeName, new Guid(hello.Incarnation.Span, bigEndian: true)), poll, MayReopen: hello.Protocol > 0, TakesMany: hello.Protocol > 1)
        {
            Epoch = hello.Epoch,
            MayUnload = hello.Protocol > 2,
        };
    }

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static AgentUnloaded Check(Unloaded unloaded)
    {
        Require(unloaded.Problem.Length <= MaxProblemLength, $"A problem is told in {MaxProblemLength} characters, not in {unloaded.Problem.Length}.");
        return new AgentUnloaded(unloaded.Problem.Length == 0 ? null : unloaded.Problem);
    }

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static void Check(Batches batches)
    {
        var reports = batches.Batches_.Sum(batch => (long)batch.Reports.Count);
        Require(reports <= MaxReports, $"Batches of one message have {reports} reports; {MaxReports} are the most.");
    }

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static CheckedBatch Check(Batch batch, ulong lastBatchId, int shardCount)
    {
        Require(batch.Id > lastBatchId, $"Batch {batch.Id} follows batch {lastBatchId}; ids count up.");
        Require(batch.Shard < shardCount, $"There is no shard {batch.Shard}; there are {shardCount}.");
        Require(batch.Reports.Count <= MaxReports, $"A batch has {batch.Reports.Count} reports; {MaxReports} are the most.");
        var reports = new List<Report>(batch.Reports.Count);
        var faults = new List<ReportFaultException>();
        foreach (var wire in batch.Reports)
        {
            Require(wire.Sequence > 0, "A report has no sequence."); // it may be beyond the watermark: the link changed again while it waited
            try
            {
                reports.Add(Check(wire));
            }
            catch (ReportFaultException fault)
            {
                faults.Add(fault);
                continue;
            }

            var actual = LinkSharding.ShardOf(reports[^1].Link, shardCount);
            Require(actual == (int)batch.Shard, $"Link {reports[^1].Link.Id} belongs to shard {actual}, not to {batch.Shard}.");
        }

        return new CheckedBatch(reports, faults);
    }

    /// <param name="last">The id of the questions before; these ones' afterwards.</param>
    /// <param name="now">The directory's clock.</param>
    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static NameQuestions Check(Questions wire, ref ulong last, TimeSpan now)
    {
        Require(wire.Id == last + 1, $"Questions {wire.Id} follow questions {last}; ids count up by one.");
        var most = new[] { wire.Questions_.Count, wire.Externals.Count, wire.Forgotten.Count }.Max();
        Require(most <= NameQuestions.MaxPerMessage, $"{most} questions came at once; {NameQuestions.MaxPerMessage} are the most.");
        var questions = ToDomain(() => wire.ToDomain(now), message => new ProtocolException(message));
        foreach (var (local, external) in questions.Externals)
        {
            if ((FaultOf(local) ?? FaultOf(external)) is { } fault)
            {
                throw new ProtocolException(fault);
            }
        }

        last = wire.Id;
        return questions;
    }

    /// <exception cref="ReportFaultException">Nobody could mean it.</exception>
    private static Report Check(LinkReport wire)
    {
        var report = ToDomain(wire.ToDomain, message => new ReportFaultException(ReportFault.Link, message));
        if ((FaultOf(report.Link.Client) ?? FaultOf(report.Link.Server)) is { } name)
        {
            throw new ReportFaultException(ReportFault.Name, name);
        }

        if (TotalBound.Largest(report.Totals) >= MaxTotal)
        {
            throw new ReportFaultException(ReportFault.Totals, $"A total of link {report.Link.Id} is beyond any traffic.");
        }

        return wire.Levels is not { } levels || levels.States.All(state => state.Connections <= MaxConnections)
            ? report
            : throw new ReportFaultException(ReportFault.Levels, $"Link {report.Link.Id} has more connections at a time than any host.");
    }

    private static T ToDomain<T>(Func<T> convert, Func<string, Exception> fault)
    {
        try
        {
            return convert();
        }
        catch (InvalidDataException invalid)
        {
            throw fault(invalid.Message);
        }
    }

    private static string? FaultOf(Messages.Workload workload) =>
        NameRules.Fault("A workload's namespace", workload.Namespace, mayBeEmpty: true)
        ?? NameRules.Fault("A workload's kind", workload.Kind, mayBeEmpty: false)
        ?? NameRules.Fault("A workload's name", workload.Name, mayBeEmpty: false)
        ?? NameRules.Fault("A workload's owner", workload.Owner, mayBeEmpty: true);

    private static void CheckName(string what, string name, bool mayBeEmpty)
    {
        if (NameRules.Fault(what, name, mayBeEmpty) is { } fault)
        {
            throw new ProtocolException(fault);
        }
    }

    private static void Require(bool kept, string rule)
    {
        if (!kept)
        {
            throw new ProtocolException(rule);
        }
    }
}
