using Caretta.Messages;
using CsCheck;

namespace Caretta.Tests.Messages;

public class LinkTotalsSpecs
{
    private static readonly Gen<ulong> Count = Gen.OneOf(Gen.ULong, Gen.ULong[ulong.MaxValue - 3, ulong.MaxValue], Gen.ULong[0, 3]);

    private static readonly Gen<LinkTotals> Any = Count.Array[11].Select(counts => new LinkTotals(
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], counts[8], counts[9], counts[10]));

    [Fact]
    public void A_sum_is_never_less_than_its_parts_whatever_they_claim() =>
        Gen.Select(Any, Any).Sample((a, b) =>
        {
            Assert.Equal(a + b, b + a);
            Assert.Equal(a + b, LinkTotals.Max(a + b, a));
            Assert.Equal(a + b, LinkTotals.Max(a + b, b));
        });

    [Fact]
    public void A_sum_that_no_number_holds_is_the_greatest_number_in_that_counter_alone()
    {
        var sum = new LinkTotals { SentBytes = ulong.MaxValue, ReceivedBytes = 1, RttSamples = 1UL << 63 }
            + new LinkTotals { SentBytes = 1, ReceivedBytes = 2, RttSamples = 1UL << 63 };
        Assert.Equal(new LinkTotals { SentBytes = ulong.MaxValue, ReceivedBytes = 3, RttSamples = ulong.MaxValue }, sum);
    }

    [Fact]
    public void What_is_taken_from_less_leaves_nothing() =>
        Gen.Select(Any, Any).Sample((a, b) =>
        {
            Assert.Equal(default, a - LinkTotals.Max(a, b));
            Assert.Equal(LinkTotals.Max(a, b), b + (LinkTotals.Max(a, b) - b));
        });
}
