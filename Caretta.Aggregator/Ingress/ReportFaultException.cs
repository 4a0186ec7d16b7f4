namespace Caretta.Aggregator.Ingress;

/// <summary>One report is left out; the stream lives on.</summary>
/// <param name="reason">One of <see cref="ReportFault"/>.</param>
internal sealed class ReportFaultException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
