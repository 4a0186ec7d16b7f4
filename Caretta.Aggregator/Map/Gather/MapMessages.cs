using Akka.Actor;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Trails;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>To another member: what has changed of your links?</summary>
/// <param name="Number">Of the question, for the answer.</param>
/// <param name="Epoch">Whose numbers the others are; 0: nothing is known.</param>
/// <param name="Base">Up to that change everything is known, names included.</param>
/// <param name="Cursor">Up to that change it was told since.</param>
internal sealed record AskLinks(long Number, ulong Epoch, long Base, long Cursor) : IMemberMessage;

/// <summary>A part of the answer; what follows on it is asked for anew, so that there is never more than one message on its way.</summary>
/// <param name="Withheld">It is not certain that the links are still the member's.</param>
/// <param name="Anew">What was known of the member is to be forgotten.</param>
/// <param name="Gone">Comes before <paramref name="Links"/>.</param>
internal sealed record LinksTold(
    long Number, ulong Epoch, bool Withheld, bool Anew, long Cursor, bool More, IReadOnlyList<ToldLink> Links, IReadOnlyList<ulong> Gone) : IMemberMessage;

/// <param name="Fact">Its numbers; its names only if <paramref name="IsNamed"/>.</param>
internal readonly record struct ToldLink(ulong LinkId, LinkFact Fact, bool IsNamed);

/// <summary>To another member: the last hour of these, as far as they live there.</summary>
internal sealed record AskHistories(long Number, IReadOnlyList<ulong> LinkIds) : IMemberMessage
{
    /// <summary>At 0.8 kB each one message holds them.</summary>
    public const int Most = 80;
}

internal sealed record HistoriesTold(long Number, IReadOnlyList<KeyValuePair<ulong, History>> Histories) : IMemberMessage;

/// <summary>Somebody looks: answered with a <see cref="MapModel"/> that is not older than a refresh.</summary>
internal sealed record LookAtMap : INoSerializationVerificationNeeded;

/// <summary>Answered with <see cref="HistoriesFound"/>.</summary>
internal sealed record FindHistories(IReadOnlyList<ulong> LinkIds) : INoSerializationVerificationNeeded;

/// <summary>Of a link that moved lately there may be several.</summary>
internal sealed record HistoriesFound(IReadOnlyList<KeyValuePair<ulong, History>> Histories) : INoSerializationVerificationNeeded;
