using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

/// <summary>Which method draws, and what is said of it.</summary>
public sealed class MethodChoiceTests
{
    private static readonly Profile s_high = new("high.json", "augur", new()
    {
        Model = "DiT",
        Weights = "aaaa",
        Sampler = "ddim",
        Steps = 50,
        Guidance = 2,
        Speedup = 5,
        Psnr = 37.73,
        HeldOutPictures = 48,
    });

    private static readonly Profile s_errors = new("error.json", "augur(error=0.1,tolerances=0.001,errors=0.1)", new()
    {
        Model = "DiT",
        Weights = "aaaa",
        Sampler = "ddim",
        Steps = 50,
    });

    private static readonly ModelIdentity s_model = new("DiT", "aaaa", new(Samplers.Parse("ddim"), 50, new Guidance(2)));

    [Fact]
    public void Without_a_wish_the_model_s_profile_of_high_quality_draws_and_is_said()
    {
        var choice = Choose(null, null, new());
        Assert.Equal(("augur", "quality \"high\": 5.00 times fewer FLOPs, mean PSNR 37.7 dB on 48 pictures that its search never saw"),
            (choice.Policy, choice.Why));
    }

    [Theory]
    [InlineData(50, null, null)]
    [InlineData(null, "ddim", 2.0)]
    public void Settings_that_it_was_measured_with_may_be_given(int? steps, string? sampler, double? guidance) =>
        Assert.Equal("augur", Choose(null, "high", Asked(steps, sampler, guidance)).Policy);

    [Theory]
    [InlineData(20, null, null, "not with 20 steps")]
    [InlineData(1, null, null, "not with 1 step;")]
    [InlineData(null, "dpm++", null, "not with dpm++")]
    [InlineData(null, "ddim(eta=1)", null, "not with ddim(eta=1)")]
    [InlineData(null, null, 7.5, "not with guidance 7.5")]
    public void A_word_of_quality_is_refused_where_it_was_not_measured(int? steps, string? sampler, double? guidance, string other)
    {
        var refused = Assert.Throws<ArgumentException>(() => Choose(null, "high", Asked(steps, sampler, guidance)));
        Assert.StartsWith("Quality \"high\" was measured with ddim, 50 steps, guidance 2, ", refused.Message);
        Assert.Contains(other, refused.Message, StringComparison.Ordinal);
        Assert.Contains("augur tune --quality high", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guidance_interval_that_it_was_not_measured_with_is_another_setting()
    {
        AskedSettings asked = new() { Interval = new(0.2, 0.8) };
        var refused = Assert.Throws<ArgumentException>(() => Choose(null, "high", asked));
        Assert.StartsWith(
            "Quality \"high\" was measured with ddim, 50 steps, guidance 2, not with guidance in 0.2-0.8 of the run; ", refused.Message);
        var choice = Choose(null, null, asked);
        Assert.Equal(("none", asked.Interval), (choice.Policy, choice.Interval));
        Assert.Contains("not with guidance in 0.2-0.8 of the run (", choice.Why, StringComparison.Ordinal);
        Assert.Equal("augur", Choose(null, "high", new() { Interval = GuidanceInterval.Whole }).Policy);
        var measured = s_high with { About = s_high.About with { GuidanceInterval = new(0.2, 0.8) } };
        Assert.Equal(asked.Interval, MethodChoice.Of(null, null, new(), s_model, _ => measured).Interval);
        Assert.Contains("guidance in 0.2-0.8 of the run, not with guidance in the whole run (",
            MethodChoice.Of(
                null, null, new() { Interval = GuidanceInterval.Whole }, s_model, word => word == "high" ? measured : null).Why,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, null, null, "not with 20 steps")]
    [InlineData(null, "ddpm", null, "not with ddpm")]
    [InlineData(null, null, 7.5, "not with guidance 7.5")]
    public void Without_a_word_every_call_is_computed_there_and_the_line_says_why_and_what_is_faster(int? steps, string? sampler, double? guidance,
        string other)
    {
        var choice = Choose(null, null, Asked(steps, sampler, guidance));
        Assert.Equal(("none", steps ?? 50, guidance ?? 2), (choice.Policy, choice.Steps, choice.Guidance));
        Assert.Contains(other, choice.Why, StringComparison.Ordinal);
        Assert.Contains("augur tune makes one, and --policy augur is faster without", choice.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_profiles_computes_every_call_and_says_so()
    {
        var choice = MethodChoice.Of(null, null, new(), s_model, _ => null);
        Assert.Equal("none", choice.Policy);
        Assert.StartsWith("every call is computed: this model has no profile (augur tune makes one", choice.Why);
        Assert.Contains("no profile for \"fast\"",
            Assert.Throws<ArgumentException>(() => MethodChoice.Of(null, "fast", new(), s_model, _ => null)).Message);
    }

    [Fact]
    public void A_profile_beside_other_weights_is_no_default_and_refused_by_name()
    {
        var other = s_model with { Weights = "bbbb" };
        var choice = MethodChoice.Of(null, null, new(), other, High);
        Assert.Equal("none", choice.Policy);
        Assert.Contains("high.json was measured on a DiT with the weights aaaa, and this one's are bbbb", choice.Why, StringComparison.Ordinal);
        Assert.Contains("are bbbb", Assert.Throws<ArgumentException>(() => MethodChoice.Of(null, "high", new(), other, High)).Message);
    }

    [Fact]
    public void A_method_that_was_asked_for_needs_no_reason()
    {
        var choice = Choose("fora(interval=3)", null, Asked(20, null, null));
        Assert.Equal(("fora(interval=3)", 20, null, null), (choice.Policy, choice.Steps, choice.Why, choice.Note));
    }

    [Theory]
    [InlineData(20, null, 4.0)]
    [InlineData(null, "ddim(timesteps=quad)", null)]
    public void Where_a_model_has_a_table_of_errors_each_picture_chooses_its_calls(int? steps, string? sampler, double? guidance)
    {
        var choice = MethodChoice.Of(null, null, Asked(steps, sampler, guidance), s_model, WithErrors);
        Assert.Equal((s_errors.Policy, steps ?? 50, guidance ?? 2), (choice.Policy, choice.Steps, choice.Guidance));
        Assert.StartsWith(
            "each picture chooses its computed calls, since the profile of quality \"high\" was measured with ddim, 50 steps, guidance 2, not with ",
            choice.Why);
        Assert.Equal("augur", MethodChoice.Of(null, null, new(), s_model, WithErrors).Policy);
    }

    [Theory]
    [InlineData("dpm++", "aaaa")]
    [InlineData("ddim(eta=1)", "aaaa")]
    [InlineData("ddim", "bbbb")]
    public void A_table_of_errors_is_for_its_kind_of_sampler_and_its_weights(string sampler, string weights) =>
        Assert.Equal("none", MethodChoice.Of(null, null, Asked(20, sampler, null), s_model with { Weights = weights }, WithErrors).Policy);

    [Fact]
    public void A_word_of_quality_is_refused_beside_a_table_of_errors_too() =>
        Assert.Contains("not with 20 steps", Assert.Throws<ArgumentException>(
            () => MethodChoice.Of(null, "high", Asked(20, null, null), s_model, WithErrors)).Message, StringComparison.Ordinal);

    private static Profile? High(string word) => word == "high" ? s_high : null;

    private static Profile? WithErrors(string word) => word == MethodChoice.ByError ? s_errors : High(word);

    private static MethodChoice Choose(string? policy, string? quality, AskedSettings asked) =>
        MethodChoice.Of(policy, quality, asked, s_model, High);

    private static AskedSettings Asked(int? steps, string? sampler, double? guidance) =>
        new(steps, sampler is null ? null : Samplers.Parse(sampler), guidance);
}
