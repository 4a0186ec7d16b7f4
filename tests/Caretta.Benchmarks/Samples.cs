namespace Caretta.Benchmarks;

/// <summary>Measurements of one thing, a round each.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public IReadOnlyList<double> Values => _values;

    public double Median => Quantile(0.5);

    public void Add(double value) => _values.Add(value);

    public double Quantile(double share)
    {
        var sorted = _values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)]);
        return below + (above - below) * (at - Math.Floor(at));
    }

    /// <summary>Round by round, so that what slowed a whole round down cancels out.</summary>
    public Samples Over(Samples reference) => Combine(reference, (ours, theirs) => ours / theirs);

    public Samples Less(Samples reference) => Combine(reference, (ours, theirs) => ours - theirs);

    private Samples Combine(Samples other, Func<double, double, double> operation)
    {
        var combined = new Samples();
        combined._values.AddRange(_values.Zip(other._values, operation));
        return combined;
    }
}
