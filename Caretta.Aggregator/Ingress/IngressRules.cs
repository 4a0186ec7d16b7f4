using Caretta.Messages;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// What a stranger may send. The bounds keep memory, labels and sums finite: a message of 4 MiB (gRPC's default), 16,384 reports a batch,
/// names of 253 characters (Kubernetes' longest) without control characters, totals below 2^56 (so that 256 sources cannot overflow a sum).
/// </summary>
internal static class IngressRules
{
    public const int MaxReports = 16_384;
    public const int MaxNameLength = 253;
    public const ulong MaxTotal = 1UL << 56;
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromHours(1);

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static (Messages.Source Source, TimeSpan PollInterval) Check(Hello hello)
    {
        CheckName("The node's name", hello.NodeName, mayBeEmpty: false);
        CheckName("The agent's version", hello.Version, mayBeEmpty: true);
        Require(hello.Incarnation.Length == 16, $"An incarnation has 16 bytes, not {hello.Incarnation.Length}.");
        var poll = TimeSpan.FromMilliseconds(hello.PollIntervalMs);
        Require(poll >= ShortestPoll && poll <= LongestPoll, $"The poll interval is {poll}; it is between {ShortestPoll} and {LongestPoll}.");
        return (new Messages.Source(hello.NodeName, new Guid(hello.Incarnation.Span, bigEndian: true)), poll);
    }

    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static IReadOnlyList<Report> Check(Batch batch, ulong lastBatchId, int shardCount)
    {
        Require(batch.Id > lastBatchId, $"Batch {batch.Id} follows batch {lastBatchId}; ids count up.");
        Require(batch.Shard < shardCount, $"There is no shard {batch.Shard}; there are {shardCount}.");
        Require(batch.Reports.Count <= MaxReports, $"A batch has {batch.Reports.Count} reports; {MaxReports} are the most.");
        var reports = new List<Report>(batch.Reports.Count);
        foreach (var wire in batch.Reports)
        {
            reports.Add(Check(wire, (int)batch.Shard, shardCount));
        }

        return reports;
    }

    /// <param name="last">The id of the questions before; these ones' afterwards.</param>
    /// <param name="now">The directory's clock.</param>
    /// <exception cref="ProtocolException">A rule is broken.</exception>
    public static NameQuestions Check(Questions wire, ref ulong last, TimeSpan now)
    {
        Require(wire.Id == last + 1, $"Questions {wire.Id} follow questions {last}; ids count up by one.");
        var most = new[] { wire.Questions_.Count, wire.Externals.Count, wire.Forgotten.Count }.Max();
        Require(most <= NameQuestions.MaxPerMessage, $"{most} questions came at once; {NameQuestions.MaxPerMessage} are the most.");
        var questions = ToDomain(() => wire.ToDomain(now));
        foreach (var (local, external) in questions.Externals)
        {
            CheckWorkload(local);
            CheckWorkload(external);
        }

        last = wire.Id;
        return questions;
    }

    private static Report Check(LinkReport wire, int shard, int shardCount)
    {
        var report = ToDomain(wire.ToDomain);
        CheckWorkload(report.Link.Client);
        CheckWorkload(report.Link.Server);
        var actual = LinkSharding.ShardOf(report.Link, shardCount);
        Require(actual == shard, $"Link {report.Link.Id} belongs to shard {actual}, not to {shard}.");
        Require(report.Sequence > 0, $"The report of link {report.Link.Id} has no sequence.");
        Require(Largest(report.Totals) < MaxTotal, $"A total of link {report.Link.Id} is beyond any traffic.");
        return report;
    }

    private static T ToDomain<T>(Func<T> convert)
    {
        try
        {
            return convert();
        }
        catch (InvalidDataException invalid)
        {
            throw new ProtocolException(invalid.Message);
        }
    }

    private static void CheckWorkload(Messages.Workload workload)
    {
        CheckName("A workload's namespace", workload.Namespace, mayBeEmpty: true);
        CheckName("A workload's kind", workload.Kind, mayBeEmpty: false);
        CheckName("A workload's name", workload.Name, mayBeEmpty: false);
        CheckName("A workload's owner", workload.Owner, mayBeEmpty: true);
    }

    private static void CheckName(string what, string name, bool mayBeEmpty)
    {
        Require(mayBeEmpty || name.Length > 0, $"{what} is empty.");
        Require(name.Length <= MaxNameLength, $"{what} has {name.Length} characters; {MaxNameLength} are the most.");
        Require(!name.Any(char.IsControl), $"{what} contains a control character.");
    }

    private static ulong Largest(in LinkTotals totals) => new[]
    {
        totals.SentBytes, totals.ReceivedBytes, totals.PastSentBytes, totals.PastReceivedBytes, totals.Opened, totals.Closed, totals.Failed,
        totals.RetransmittedBytes, totals.RttMicroseconds, totals.RttSamples, totals.LifetimeMicroseconds,
    }.Max();

    private static void Require(bool kept, string rule)
    {
        if (!kept)
        {
            throw new ProtocolException(rule);
        }
    }
}
