using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>The rows of <see cref="ExternalGrantsActor"/>.</summary>
internal sealed class GrantsReading() : LedgerReading(Name, new GrantsSerializer(null!)) // which asks nothing of an actor system
{
    public const string Name = "external-grants";

    public ExternalGrants Grants { get; private set; } = new();

    protected override bool TryBegin(object snapshot)
    {
        if (snapshot is not GrantsSnapshot grants)
        {
            return false;
        }

        Grants = new ExternalGrants(grants);
        return true;
    }

    protected override bool TryApply(object journalled)
    {
        if (journalled is not GrantsAdvanced advanced)
        {
            return false;
        }

        Grants.Apply(advanced);
        return true;
    }
}
