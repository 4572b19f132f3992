using Augur.Catalogs;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

/// <summary>What becomes of a profile under other settings than it was measured with.</summary>
public sealed class ProfileUseTests
{
    private const string Schedule = "taylorseer(schedule=list(0-4-10-16-21-26-31-37-43-47,of=50),draft=foca,granularity=output)";

    private static readonly ProfileAbout s_about =
        new() { Target = "5x fewer FLOPs", Model = "DiT", Weights = "aaaa", Sampler = "ddim", Steps = 50, Calls = 50, Guidance = 2 };
    private static readonly ModelIdentity s_model = new("DiT", "aaaa", new(Samplers.Parse("dpm++"), 25, new Guidance(4)));

    [Fact]
    public void A_profile_brings_its_own_steps_sampler_and_guidance()
    {
        var choice = Apply(Schedule, s_about, new());
        Assert.Equal((Schedule, 50, "ddim", 2.0, null),
            (PolicyCatalog.Parse(choice.Policy).Name, choice.Steps, choice.Sampler.Name, choice.Guidance, choice.Note));
    }

    [Fact]
    public void What_was_asked_for_and_is_the_same_changes_nothing() =>
        Assert.Null(Apply(Schedule, s_about, new(50, Samplers.Parse("ddim"), 2)).Note);

    [Fact]
    public void A_file_that_says_nothing_about_itself_runs_as_the_model_does()
    {
        var choice = Apply(Schedule, new(), new());
        Assert.Equal((25, "dpm++", 4.0, null), (choice.Steps, choice.Sampler.Name, choice.Guidance, choice.Note));
    }

    [Theory]
    [InlineData(Schedule, 100, "schedule is stretched to 20 computed calls of 100")] // the share stays: no forecast reaches further
    [InlineData(Schedule, 20, "schedule is stretched to 10 computed calls of 20")] // the number stays
    [InlineData(Schedule, 8, "schedule is stretched to 8 computed calls of 8")]
    [InlineData("taylorseer(schedule=power(10),granularity=output)", 100, "schedule is stretched to 20 computed calls of 100")]
    [InlineData("augur", 20, "schedule is stretched to 10 computed calls of 20")]
    [InlineData("augur(7)", 100, "schedule is stretched to 14 computed calls of 100")]
    [InlineData("fora(interval=5)", 20, "it computes every 2nd call")]
    [InlineData("fora(interval=5)", 200, "it computes every 5th call")]
    [InlineData("seacache(threshold=0.3)", 20, "its settings stay those found for 50 calls")]
    public void Other_steps_stretch_what_carries_over_and_say_so(string policy, int steps, string said)
    {
        var choice = Apply(policy, s_about, new(steps));
        Assert.Contains($"{steps} steps, not 50: ", choice.Note, StringComparison.Ordinal);
        Assert.Contains(said, choice.Note, StringComparison.Ordinal);
        Assert.Equal(steps, choice.Steps);
    }

    [Theory]
    [InlineData(10, "0-3-7", 50, 15)] // a profile of 10 steps at 50 steps: 16.7 times and noise, once
    [InlineData(50, "0-4-10-16-21-26-31-37-43-47", 20, 10)]
    [InlineData(50, "0-4-10-16-21-26-31-37-43-47", 1000, 200)]
    public void No_forecast_reaches_further_than_it_was_measured(int from, string calls, int to, int computed)
    {
        var choice = Apply($"taylorseer(schedule=list({calls},of={from}),draft=foca,granularity=output)",
            s_about with { Steps = from, Calls = from }, new(to));
        var plan = Plan(choice.Policy, to);
        var before = Plan($"taylorseer(schedule=list({calls},of={from}))", from);
        Assert.Equal(computed, plan.Count(c => c));
        Assert.True(LongestGap(plan) <= LongestGap(before) + 1, $"{LongestGap(plan)} calls where {LongestGap(before)} were measured");
        Assert.True((LongestGap(plan) - 1.0) / to <= (double)LongestGap(before) / from, "a longer share of the way");
    }

    [Fact]
    public void A_sampler_of_two_calls_a_step_counts_calls()
    {
        var about = s_about with { Sampler = "heun", Steps = 10, Calls = 20 };
        var choice = Apply("taylorseer(schedule=list(0-5-10-15,of=20),granularity=output)", about, new(20));
        Assert.Contains("stretched to 8 computed calls of 40", choice.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Ratios_of_magnitude_follow_the_curve_that_they_are_steps_of()
    {
        var choice = Apply("magcache(ratios=1 1.21 1.21)", s_about with { Steps = 3, Calls = 3 }, new(5));
        Assert.Equal("magcache(ratios=1 1.1 1.1 1.1 1.1)", choice.Policy);
        Assert.Contains("same curve at 5 calls", choice.Note, StringComparison.Ordinal);
        var fewer = Apply("magcache(ratios=1 1.1 1.1 1.1 1.1)", s_about with { Steps = 5, Calls = 5 }, new(3));
        Assert.Equal("magcache(ratios=1 1.21 1.21)", fewer.Policy);
    }

    [Fact]
    public void A_profile_brings_its_own_guidance_interval_and_another_is_said()
    {
        var about = s_about with { GuidanceInterval = new(0.2, 0.8) };
        var own = Apply(Schedule, about, new());
        Assert.Equal((about.GuidanceInterval, null), (own.Interval, own.Note));
        var whole = Apply(Schedule, about, new() { Interval = GuidanceInterval.Whole });
        Assert.Equal("the figures of p do not hold here (guidance in 0-1 of the run, not in 0.2-0.8)", whole.Note);
        Assert.Contains("guidance in 0.5-1 of the run, not in 0-1", Apply(Schedule, s_about, new() { Interval = new(0.5, 1) }).Note,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Other_guidance_and_settings_of_the_same_sampler_are_said()
    {
        var choice = Apply(Schedule, s_about, new(Sampler: Samplers.Parse("ddim(spacing=trailing)"), Guidance: 7));
        Assert.Contains("sampler ddim(spacing=trailing), not ddim; guidance 7, not 2: errors grow with it", choice.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p was measured with the sampler ddim, not with dpm++; augur tune makes a profile for it.", Schedule, "dpm++")]
    [InlineData("p was measured with the sampler ddim, not with ddpm; augur tune", Schedule, "ddpm")]
    [InlineData("p was measured with the sampler ddim, which adds no noise; ddim(eta=0.5) does", Schedule, "ddim(eta=0.5)")]
    [InlineData("ddim(eta=0.5) does", "augur", "ddim(eta=0.5)")] // forecasts outputs by default
    [InlineData("ddim(eta=0.5) does", "speca(granularity=block)", "ddim(eta=0.5)")]
    public void A_sampler_that_it_does_not_carry_over_to_is_refused(string sentence, string policy, string sampler)
    {
        var refused = Assert.Throws<ArgumentException>(() => Apply(policy, s_about, new(Sampler: Samplers.Parse(sampler))));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forecasts_of_branches_see_the_noise_of_a_step_and_are_said() =>
        Assert.Contains("sampler ddim(eta=0.5), not ddim", Apply("fora", s_about, new(Sampler: Samplers.Parse("ddim(eta=0.5)"))).Note,
            StringComparison.Ordinal);

    [Fact]
    public void Another_model_is_refused_with_both()
    {
        Refused("p was measured on DiT, and this model is DiT 2x32/2; augur tune makes a profile for it.", s_model with { Name = "DiT 2x32/2" });
        Refused("p was measured on a DiT with the weights aaaa, and this one's are bbbb; augur tune makes a profile for it.",
            s_model with { Weights = "bbbb" });
        Assert.Null(Apply(Schedule, s_about, new(), s_model with { Weights = null }).Note); // not known is not another

        static void Refused(string sentence, ModelIdentity model) =>
            Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => Apply(Schedule, s_about, new(), model)).Message);
    }

    [Fact]
    public void A_polynomial_is_for_its_number_of_calls()
    {
        var refused = Assert.Throws<ArgumentException>(() => Apply("teacache(coefficients=2 0.5)", s_about with { Target = null }, new(20)));
        Assert.Equal("p has a polynomial that was fitted to runs of 50 network calls, and this run makes 20: augur fit teacache.",
            refused.Message);
    }

    [Fact]
    public void A_sampler_that_is_none_is_named_with_its_field() =>
        Assert.StartsWith("p: \"about.sampler\": There is no sampler \"dim\"",
            Assert.Throws<ArgumentException>(() => Apply(Schedule, s_about with { Sampler = "dim" }, new())).Message);

    private static MethodChoice Apply(string policy, ProfileAbout about, AskedSettings asked, ModelIdentity? model = null) =>
        ProfileUse.Apply(new("p", PolicyCatalog.Parse(policy).Name, about), asked, model ?? s_model);

    private static bool[] Plan(string policy, int calls)
    {
        var schedule = PolicyCatalog.Spell(policy).First(s => s.Name == "schedule").Value;
        return Augur.Caching.Schedules.CallSchedules.Parse(schedule).Plan(calls);
    }

    private static int LongestGap(bool[] plan)
    {
        int[] calls = [.. Enumerable.Range(0, plan.Length).Where(i => plan[i]), plan.Length];
        return calls.Zip(calls.Skip(1), (a, b) => b - a).Max();
    }
}
