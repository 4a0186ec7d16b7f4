using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>What addresses can belong to.</summary>
internal abstract class Holder(Guid uid, TimeSpan createdAt) : Owned(uid)
{
    /// <summary>As many as a timeline shows.</summary>
    private const int MaxPast = TimelineReader.MaxEntries;

    /// <summary>By the directory's clock, and not after the receipt: from here on its claims are presumed.</summary>
    public TimeSpan CreatedAt { get; } = createdAt;

    /// <summary>Null while it is still to come.</summary>
    public Workload? Name { get; private set; }

    public PastName? Past { get; private set; }

    /// <summary>The first of all claims that are kept, also of ended ones.</summary>
    public Claim? Claims { get; set; }

    public abstract ClaimRank RankAt(TimeSpan time);

    /// <summary>The rank before that time.</summary>
    public abstract ClaimRank RankBefore(TimeSpan time);

    /// <summary>Null while it was still to come.</summary>
    public Workload? NameAt(TimeSpan time)
    {
        var name = Name;
        for (var past = Past; past is not null && time < past.Until; past = past.Earlier)
        {
            name = past.Workload;
        }

        return name;
    }

    /// <summary>The name that was waited for; it holds for as long as was waited.</summary>
    public void Settle(Workload name) => Name = name;

    /// <param name="forgetBefore">Names that ended before are of no interest any more.</param>
    public void Rename(Workload? name, TimeSpan from, TimeSpan forgetBefore)
    {
        Past = new PastName(Name, from, Recent(Past, forgetBefore, MaxPast));
        Name = name;
    }

    /// <summary>Adds all that it claims, or has claimed.</summary>
    public void ChangeClaims(HashSet<Subject> changed)
    {
        for (var claim = Claims; claim is not null; claim = claim.NextOfHolder)
        {
            changed.Add(claim.Subject);
        }
    }

    private static PastName? Recent(PastName? past, TimeSpan forgetBefore, int most) =>
        past is null || most == 0 || past.Until < forgetBefore ? null : past with { Earlier = Recent(past.Earlier, forgetBefore, most - 1) };
}
