using Caretta.Messages;

namespace Caretta.Aggregator.Ingress;

/// <summary>A batch that kept the stream's rules.</summary>
/// <param name="Faults">Of the reports that are not among <paramref name="Reports"/>.</param>
internal sealed record CheckedBatch(IReadOnlyList<Report> Reports, IReadOnlyList<ReportFaultException> Faults);
