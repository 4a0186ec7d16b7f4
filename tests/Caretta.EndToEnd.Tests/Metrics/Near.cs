namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>Within one percent.</summary>
internal static class Near
{
    private const double Part = 0.01;

    public static bool Is(double found, double truth) => Math.Abs(found - truth) <= Part * Math.Abs(truth);
}
