using Caretta.Node.Kernel;

namespace Caretta.Node.Probe;

/// <summary>What new programs need to know of what was before; of no meaning when pinned tables are opened.</summary>
/// <param name="NewTableId">
/// The id for tables made anew. The ledger holds it before they are, so that a crash in between leaves no tables nobody knows.
/// </param>
/// <param name="FreshBoot">Nothing was ever counted in this boot.</param>
/// <param name="Carried">Accounts of sockets that are still open.</param>
public sealed record TableStart(Guid NewTableId, bool FreshBoot, IReadOnlyList<SocketAccount> Carried);
