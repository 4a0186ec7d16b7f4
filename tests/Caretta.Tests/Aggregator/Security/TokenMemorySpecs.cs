using Caretta.Aggregator.Security;

namespace Caretta.Tests.Aggregator.Security;

public class TokenMemorySpecs
{
    private readonly ManualTime _time = new();
    private readonly TokenVerdict _good = TokenVerdict.Good("node-1");
    private readonly TokenVerdict _bad = TokenVerdict.Bad(Unproven.TokenInvalid, "no");

    [Fact]
    public void A_good_word_holds_for_a_minute_and_a_bad_one_for_ten_seconds()
    {
        var memory = new TokenMemory(_time);
        memory.Remember("good", _good);
        memory.Remember("bad", _bad);
        _time.Pass(TimeSpan.FromSeconds(9));
        Assert.Equal((_good, _bad), (memory.Find("good"), memory.Find("bad")));
        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((_good, null), (memory.Find("good"), memory.Find("bad")));
        _time.Pass(TimeSpan.FromSeconds(50));
        Assert.Null(memory.Find("good"));
    }

    [Fact]
    public void It_remembers_no_more_than_so_many_and_forgets_those_whose_time_is_over()
    {
        var memory = new TokenMemory(_time);
        for (var token = 0; token < TokenMemory.Most; token++)
        {
            memory.Remember($"{token}", _bad);
        }

        memory.Remember("one more", _good);
        Assert.Null(memory.Find("one more"));
        _time.Pass(TimeSpan.FromSeconds(10));
        memory.Remember("one more", _good);
        Assert.Equal(_good, memory.Find("one more"));
    }
}
