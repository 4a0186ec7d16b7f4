namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Rows of a ledger this version does not have.</summary>
internal sealed class StrangeReading : LedgerReading
{
    public StrangeReading(string ledger)
        : base(ledger, serializer: null) => Fault("There is no such ledger: its rows are never read.");

    protected override bool TryBegin(object snapshot) => false;

    protected override bool TryApply(object journalled) => false;
}
