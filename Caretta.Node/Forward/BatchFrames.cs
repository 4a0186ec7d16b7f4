using Caretta.Messages.Wire;

namespace Caretta.Node.Forward;

/// <summary>How the batches of a poll travel: a message costs more than the few reports that one shard gets of it.</summary>
internal static class BatchFrames
{
    /// <param name="most">Reports in one message, unless a single batch has more; 0: the aggregator takes one batch a message.</param>
    public static IEnumerable<FromNode> Of(IReadOnlyList<OutboxBatch> batches, int most)
    {
        var (frame, reports) = (new Batches(), 0);
        foreach (var batch in batches)
        {
            if (frame.Batches_.Count > 0 && reports + batch.Reports.Count > most)
            {
                yield return Message(frame);
                (frame, reports) = (new Batches(), 0);
            }

            frame.Batches_.Add(batch.ToWire().Batch);
            reports += batch.Reports.Count;
        }

        if (frame.Batches_.Count > 0)
        {
            yield return Message(frame);
        }
    }

    private static FromNode Message(Batches frame) =>
        frame.Batches_ is [var only] ? new FromNode { Batch = only } : new FromNode { Batches = frame };
}
