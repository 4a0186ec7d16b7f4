using Caretta.Aggregator.Links;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Links;

public class ByContributorSpecs
{
    /// <summary>Below, at and above the number from which on it is a dictionary.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(40)]
    public void It_holds_what_a_dictionary_holds(int most)
    {
        var random = new Random(most);
        var contributors = Enumerable.Range(0, most).Select(number => new Contributor(Traffic.Source($"node-{number}"), (ulong)(number % 3))).ToArray();
        var (ours, truth) = (new ByContributor<int>(), new Dictionary<Contributor, int>());
        for (var step = 0; step < 2000; step++)
        {
            var by = contributors[random.Next(most)];
            if (random.Next(3) == 0)
            {
                Assert.Equal((truth.Remove(by, out var gone), gone), (ours.Remove(by, out var oursGone), oursGone));
            }
            else
            {
                (truth[by], ours[by]) = (step, step);
            }

            Assert.Equal((truth.TryGetValue(by, out var held), held), (ours.TryGetValue(by, out var oursHeld), oursHeld));
            Assert.Equal(truth.ContainsKey(by), ours.ContainsKey(by));
            Assert.Equal(truth.Count, ours.Count);
        }

        Assert.Equal(truth.OrderBy(entry => entry.Value), ours.OrderBy(entry => entry.Value));
        Assert.Equal(truth.Keys.ToHashSet(), ours.Keys.ToHashSet());
        Assert.Equal(truth.Values.Order(), ours.Values.Order());
    }
}
