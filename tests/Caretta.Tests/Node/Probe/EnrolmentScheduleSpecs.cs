using Caretta.Node.Probe;

namespace Caretta.Tests.Node.Probe;

public class EnrolmentScheduleSpecs
{
    [Fact]
    public void It_looks_at_each_poll_until_three_in_a_row_found_nothing()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 2], Looks(schedule, polls: 12));
    }

    [Fact]
    public void A_find_starts_the_three_again()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 2, 3, 4], Looks(schedule, polls: 12, findsAt: 1));
    }

    [Fact]
    public void Then_it_looks_about_once_a_minute()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 2, 14, 26], Looks(schedule, polls: 30));
    }

    [Fact]
    public void A_find_after_a_minute_makes_it_look_closely_again()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 2, 14, 15, 16, 17], Looks(schedule, polls: 20, findsAt: 14));
    }

    [Fact]
    public void Where_polls_are_rarer_than_that_it_looks_at_each()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromMinutes(5));
        Assert.Equal([0, 1, 2, 3, 4, 5], Looks(schedule, polls: 6));
    }

    [Fact]
    public void A_look_that_failed_is_made_again_at_the_next_poll()
    {
        var schedule = new EnrolmentSchedule(TimeSpan.FromSeconds(5));
        Looks(schedule, polls: 14);
        Assert.True(schedule.IsDue());
        Assert.True(schedule.IsDue()); // nobody said that the first one found anything or nothing
        schedule.Found(0);
        Assert.False(schedule.IsDue());
    }

    private static List<int> Looks(EnrolmentSchedule schedule, int polls, int findsAt = -1)
    {
        var looks = new List<int>();
        for (var poll = 0; poll < polls; poll++)
        {
            if (schedule.IsDue())
            {
                looks.Add(poll);
                schedule.Found(poll == findsAt ? 7 : 0);
            }
        }

        return looks;
    }
}
