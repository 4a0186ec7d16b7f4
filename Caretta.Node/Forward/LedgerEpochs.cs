using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>Which processes have had this ledger, and what each left behind.</summary>
/// <param name="epochs">In their order; the last is the present one.</param>
internal sealed class LedgerEpochs(IReadOnlyList<LedgerEpoch> epochs)
{
    private readonly Dictionary<ulong, ulong> _leftBehind =
        epochs.Zip(epochs.Skip(1)).ToDictionary(pair => pair.First.Id, pair => pair.Second.Sequence);

    /// <summary>0: this ledger has none.</summary>
    public ulong Present { get; } = epochs.Count > 0 ? epochs[^1].Id : 0;

    /// <returns>The highest sequence it can have sent, as far as this ledger goes on from it; 0 if it does not.</returns>
    public ulong LeftBehindBy(ulong epoch) => _leftBehind.GetValueOrDefault(epoch);
}
