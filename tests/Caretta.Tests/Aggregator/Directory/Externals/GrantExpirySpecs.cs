namespace Caretta.Tests.Aggregator.Directory.Externals;

public sealed class GrantExpirySpecs : GrantsTestKit
{
    [Fact]
    public async Task What_nobody_asks_for_ends_and_others_take_its_room()
    {
        await GrantedAsync(local: 1, 11, 12, 13);
        Pass(TimeSpan.FromHours(20));
        await GrantedAsync(local: 1, 11);
        Pass(TimeSpan.FromHours(16));
        await EventuallyAsync(() => Metrics.Grants.Value.Equals(1));
        Assert.Equal(2, Metrics.Expired.Value);
        Assert.Equal([11, 14, 15], await GrantedAsync(local: 1, 11, 14, 15, 16));

        await RestartAsync();
        Assert.Equal([11, 14, 15], await GrantedAsync(local: 1, 11, 12, 14, 15));
    }

    [Fact]
    public async Task A_renewal_goes_into_the_journal_with_the_next_look()
    {
        await GrantedAsync(local: 1, 11);
        PassUnnoticed(TimeSpan.FromHours(7));
        await GrantedAsync(local: 1, 11);
        Assert.Equal(1, Events);
        Pass(TimeSpan.Zero);
        await EventuallyAsync(() => Events == 2);

        await RestartAsync();
        PassUnnoticed(TimeSpan.FromHours(35)); // 42 since it was granted
        Pass(TimeSpan.Zero);
        await SettleAsync();
        Assert.Equal((2, 1D), (Events, Metrics.Grants.Value));
    }

    [Fact]
    public async Task Nothing_ends_before_those_who_could_not_ask_have_had_the_time_to()
    {
        await GrantedAsync(local: 1, 11, 12, 13);
        PassUnnoticed(TimeSpan.FromDays(30)); // nobody was there to ask
        await RestartAsync();
        Pass(TimeSpan.FromHours(5));
        Assert.Equal([11], await GrantedAsync(local: 1, 14, 11));
        Pass(TimeSpan.FromHours(1));
        await EventuallyAsync(() => Metrics.Grants.Value.Equals(1));
        Assert.Equal([11, 14], await GrantedAsync(local: 1, 11, 14));
    }
}
