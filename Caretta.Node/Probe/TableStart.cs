using Caretta.Node.Kernel;

namespace Caretta.Node.Probe;

/// <summary>What new programs need to know of what was before; but for the id of no meaning when pinned tables are opened.</summary>
/// <param name="TableId">
/// The tables have it from here on, made anew or found. The ledger holds it before they do, so that a crash in between leaves no tables nobody knows.
/// </param>
/// <param name="FreshBoot">Nothing was ever counted in this boot.</param>
/// <param name="Carried">Accounts of sockets that are still open.</param>
public sealed record TableStart(Guid TableId, bool FreshBoot, IReadOnlyList<SocketAccount> Carried);
