using Augur.Caching.Policies;
using Augur.Caching.Schedules;

namespace Augur.Tests.Caching;

public sealed class CallScheduleTests
{
    [Theory]
    [InlineData("interval", 12, "CCdddCdddCdd")] // two calls of warm-up, then every fourth
    [InlineData("power(4)", 12, "CddCddCddCdd")]
    [InlineData("power(4,exponent=2)", 12, "CCdCddCddddd")] // 0, 0.75, 3, 6.75: the second moves on
    [InlineData("power(4,exponent=0.5)", 12, "CdddddCdCdCd")] // 0, 6, 8.49, 10.39
    [InlineData("power(20)", 5, "CCCCC")]
    [InlineData("power(6,exponent=10)", 8, "CCCCCCdd")]
    [InlineData("power(6,exponent=0.1)", 8, "CddCCCCC")] // room is kept for those to come
    [InlineData("list(0-1-4-9)", 12, "CCddCddddCdd")]
    [InlineData("list(0-1-4-9)", 6, "CCddCd")]
    [InlineData("list(0-1-4-9,of=12)", 24, "CdCdddddCdddddddddCddddd")]
    public void A_schedule_computes_the_calls_it_says(string text, int calls, string expected)
    {
        var schedule = text == "interval" ? new IntervalSchedule(4, 2) : CallSchedules.Parse(text);
        Assert.Equal(expected, string.Concat(schedule.Plan(calls).Select(c => c ? 'C' : 'd')));
    }

    [Fact]
    public void Every_schedule_computes_the_first_call_and_as_many_as_it_was_told()
    {
        for (var calls = 1; calls < 60; calls++)
        {
            foreach (var exponent in new[] { 0.1, 0.5, 0.8, 1, 1.3, 2, 10 })
            {
                for (var count = 1; count < 65; count += 7)
                {
                    var plan = new PowerSchedule(new() { Calls = count, Exponent = exponent }).Plan(calls);
                    Assert.Equal(calls, plan.Length);
                    Assert.True(plan[0]);
                    Assert.Equal(Math.Min(count, calls), plan.Count(c => c));
                }
            }
        }
    }

    [Fact]
    public void A_schedule_that_is_stretched_keeps_its_ends_and_its_count()
    {
        Assert.Equal([0, 3, 7, 12], CallSchedules.Resample([0, 3, 7, 12], 20, 4, 20));
        Assert.Equal([0, 6, 14, 24], CallSchedules.Resample([0, 3, 7, 12], 20, 4, 40));
        Assert.Equal([0, 12], CallSchedules.Resample([0, 3, 7, 12], 20, 2, 20));
        Assert.Equal([0], CallSchedules.Resample([0, 3, 7, 12], 20, 1, 20));
        Assert.Equal([0, 5, 10, 15], CallSchedules.Resample([0], 20, 4, 20));
        for (var calls = 1; calls < 70; calls++)
        {
            for (var count = 1; count <= calls; count++)
            {
                Assert.Equal(count, new AugurPolicy(new() { Calls = count }).Options.Schedule!.Plan(calls).Count(c => c));
            }
        }
    }

    [Theory]
    [InlineData("list(1-2)", "Schedule list: calls is \"1-2\"; it is a list of calls like 0-1-4-9, ascending from 0.")]
    [InlineData("list(0-2-2)", "Schedule list: calls is \"0-2-2\"; it is a list of calls like 0-1-4-9, ascending from 0.")]
    [InlineData("list(0-x)", "Schedule list: calls is \"0-x\"; it is a list of calls like 0-1-4-9, ascending from 0.")]
    [InlineData("list(calls=)", "Schedule list: calls is \"\"; it is a list of calls like 0-1-4-9, ascending from 0.")]
    [InlineData("power(0)", "Schedule power: calls is 0; it lies between 1 and 1000.")]
    [InlineData("poer(3)", "There is no schedule \"poer\"; the nearest is \"power\".")]
    public void What_is_no_schedule_is_named(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => CallSchedules.Parse(text)).Message);

    [Theory]
    [InlineData("power(7,exponent=0.8)")]
    [InlineData("list(0-3-7)")]
    [InlineData("list(0-3-7,of=50)")]
    public void A_schedule_is_written_as_it_was_read(string text) => Assert.Equal(text, CallSchedules.Parse(text).Name);
}
