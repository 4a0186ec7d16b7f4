using Prometheus;

namespace Caretta.Aggregator.Directory;

/// <summary>Once a second: lets the directory forget what is over, and shows how it stands.</summary>
internal sealed class DirectoryClock(ClusterDirectory directory, IMetricFactory metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Gauge _answers = metrics.CreateGauge(
        "caretta_aggregator_directory_answers", "1 once everything that may be listed has been: agents can ask.");

    private readonly Gauge _current = metrics.CreateGauge(
        "caretta_aggregator_directory_current", "1 while all changes arrive, so that \"nobody has it\" can be believed.");

    private readonly Gauge _objects = metrics.CreateGauge("caretta_aggregator_directory_objects", "Objects of the cluster that are known.", ["kind"]);

    private readonly Gauge _addresses = metrics.CreateGauge("caretta_aggregator_directory_addresses", "Addresses somebody has, or had within memory.");

    private readonly Gauge _subjects = metrics.CreateGauge(
        "caretta_aggregator_directory_subjects", "Addresses and pods that some agent is told of when they change.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            directory.Expire();
            Show(directory.Figures);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Show(DirectoryFigures figures)
    {
        _answers.Set(figures.State.Answers ? 1 : 0);
        _current.Set(figures.State.Current ? 1 : 0);
        _addresses.Set(figures.Counts.Addresses);
        _subjects.Set(figures.Subjects);
        foreach (var (kind, count) in figures.Counts.Objects)
        {
            _objects.WithLabels(kind.ToString()).Set(count);
        }
    }
}
