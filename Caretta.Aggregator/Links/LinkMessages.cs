using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

// Between a shard's ledger and its links: always inside one process, never serialised.
internal interface ILinkMessage : INoSerializationVerificationNeeded;

/// <summary>What the journal holds of the link; replaces what the link held.</summary>
internal sealed record RestoreLink(
    NetworkLink Link, IReadOnlyList<KeyValuePair<Contributor, LinkTotals>> Held, LinkTotals? Retired, LinkSeen Seen = default) : ILinkMessage;

internal sealed record LinkRestored(ulong LinkId) : ILinkMessage;

/// <param name="Token">Of the batch, for the answer.</param>
/// <param name="Item">Which of the batch's reports it is.</param>
/// <param name="Always">Answer with the totals even if nothing is new: the journal thinks the link expired.</param>
internal sealed record DecideReport(long Token, int Item, Contributor By, Report Report, bool Always) : ILinkMessage;

/// <param name="Advance">null: nothing new.</param>
internal sealed record ReportDecided(long Token, int Item, ulong LinkId, LinkAdvance? Advance, bool Collided) : ILinkMessage;

/// <param name="AtMs">When it was written, Unix time.</param>
internal sealed record TotalsJournalled(Contributor By, LinkTotals Totals, long AtMs) : ILinkMessage;

/// <summary>The journal has it: these sources never report again, their totals are one number from now on.</summary>
internal sealed record RetireSources(IReadOnlyList<Source> Sources) : ILinkMessage;

internal sealed record DropLevels(Source Source) : ILinkMessage;

internal sealed record AskWhetherIdle : ILinkMessage;

internal sealed record LinkIsIdle(ulong LinkId) : ILinkMessage;

/// <summary>The journal has the expiry: stop.</summary>
internal sealed record ExpireLink : ILinkMessage;

/// <summary>From the ledger: what it recovered is there to be shown.</summary>
internal sealed record OpenPage : INoSerializationVerificationNeeded;

/// <summary>To the ledger: it is shown, until the shard leaves.</summary>
internal sealed record PageOpened : INoSerializationVerificationNeeded;
