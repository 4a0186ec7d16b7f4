using Caretta.Node.Names;
using Prometheus;

namespace Caretta.Node;

/// <summary>How it stands with the directory, as the agent sees it. All zero on a host that names without one.</summary>
public sealed class DirectoryMetrics(IMetricFactory metrics)
{
    private readonly Gauge _answers = metrics.CreateGauge("caretta_node_directory_answers", "1 while the aggregator's directory can be asked.");

    private readonly Gauge _current = metrics.CreateGauge(
        "caretta_node_directory_current", "1 while the directory sees changes as they come, so that \"nobody has it\" is believed.");

    private readonly Gauge _subjects = metrics.CreateGauge("caretta_node_directory_subjects", "Addresses and pods in the agent's address book.");

    private readonly Counter _overflowed = metrics.CreateCounter(
        "caretta_node_directory_overflowed_total", "Times an address, a pod or an external was not asked about because the address book was full.");

    private readonly Counter _notices = metrics.CreateCounter(
        "caretta_node_directory_notices_total", "Messages of the directory that told of changes.");

    private readonly Counter _crowded = metrics.CreateCounter(
        "caretta_node_local_pods_crowded_total", "Pods of local ends forgotten early because too many were remembered. Their later flows go by address.");

    public void Show(IDirectoryUser directory)
    {
        _answers.Set(directory.State.Answers ? 1 : 0);
        _current.Set(directory.State.Current ? 1 : 0);
        _subjects.Set(directory.Known);
        _overflowed.IncTo(directory.Overflowed);
        _notices.IncTo(directory.Notices);
        _crowded.IncTo(directory.Crowded);
    }
}
