using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>A report and the link it counts in, which is its own or a <c>~other</c> link.</summary>
/// <param name="Always">The journal thinks the link expired, so it must hear of it even if nothing is new.</param>
internal readonly record struct RoutedReport(Contributor By, Report Report, bool Always = false);
