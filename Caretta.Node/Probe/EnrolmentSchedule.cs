namespace Caretta.Node.Probe;

/// <summary>
/// When to look for sockets older than the programs. A socket shows only once its process has accepted it, so one look is not enough:
/// look at each poll until three in a row found nothing new, then about once a minute.
/// </summary>
public sealed class EnrolmentSchedule(TimeSpan pollInterval)
{
    private const int QuietLooks = 3;
    private readonly int _pollsPerMinute = (int)Math.Max(1, Math.Ceiling(TimeSpan.FromMinutes(1) / pollInterval));
    private int _quiet;
    private int _pollsSinceLook = -1;

    /// <summary>Asked once a poll.</summary>
    public bool IsDue()
    {
        _pollsSinceLook++;
        return _quiet < QuietLooks || _pollsSinceLook >= _pollsPerMinute;
    }

    public void Found(long sockets)
    {
        _quiet = sockets > 0 ? 0 : _quiet + 1;
        _pollsSinceLook = 0;
    }
}
