using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>When each method computes, drafts and verifies, against the closed forms of its page; no network takes part.</summary>
public sealed class DecisionSequenceTests : IDisposable
{
    private const int Calls = 50;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose() => _backend.Dispose();

    // docs/methods/speca.md, section 5.5. Every n-th call from the second computed one on; positions count from the noisiest call.
    [Theory]
    [InlineData(SpeCaPreset.Flux, true, 9, 7, 30, "FtFttvvvvvvFttvvvvvv")]
    [InlineData(SpeCaPreset.Flux, false, 4, 13, 12, "FtFttvFttvFttv")]
    [InlineData(SpeCaPreset.DitTables, true, 9, 7, 25, "FtFtttvvvvvFtttvvvvv")]
    [InlineData(SpeCaPreset.DitTables, false, 5, 11, 9, "FtFtttvFtttvFtttv")]
    [InlineData(SpeCaPreset.Dit, true, 6, 9, 24, "FtFttvvvFttvvvFttvvv")]
    [InlineData(SpeCaPreset.Dit, false, 4, 13, 12, "FtFttvFttvFttv")]
    [InlineData(SpeCaPreset.HunyuanVideo, true, 13, 4, 46, "FvvvvvvvvvvvvFvvvv")]
    [InlineData(SpeCaPreset.HunyuanVideo, false, 5, 10, 40, "FvvvvFvvvvFvvvv")]
    public void SpeCa_as_released_computes_and_verifies_when_its_code_does(
        SpeCaPreset preset, bool isGood, int cycle, int computed, int verified, string beginning)
    {
        var calls = Play(new SpeCaPolicy(SpeCaOptions.Released(preset)), isGood ? 0f : 1e6f);
        Assert.StartsWith(beginning, calls);
        var first = preset == SpeCaPreset.HunyuanVideo ? 0 : 2; // the call after a computed one is a draft, also within a warm-up of three
        int[] expected = [.. first == 0 ? [] : new[] { 0 }, .. Enumerable.Range(0, Calls).Where(i => i >= first && (i - first) % cycle == 0)];
        Assert.Equal(expected, calls.Positions('F'));
        Assert.Equal((computed, verified), (calls.Count(c => c == 'F'), calls.Count(c => c == 'v')));
    }

    [Fact]
    public void A_failed_draft_of_the_released_form_is_kept_and_the_next_call_computed()
    {
        var outcomes = new List<CallOutcome>();
        var calls = CacheScript.Play(new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Flux)), 14, i => i == 7 ? 1e6f : 0, _backend, outcomes);
        Assert.Equal("FtFttvvvFttvvv", calls);
        Assert.Equal((CallKind.Accepted, CallKind.Tolerated, CallKind.Computed), (outcomes[6].Kind, outcomes[7].Kind, outcomes[8].Kind));
    }

    [Fact]
    public void The_released_form_holds_an_error_against_the_threshold_of_the_call_after_it()
    {
        // The threshold halves from call to call: an error that its own call allows and the next one does not computes the next one.
        var options = SpeCaOptions.Released(
            SpeCaPreset.None) with
        { Mode = SpeCaMode.Deferred, Base = 1, Decay = Math.Pow(0.5, 10), Min = 0, Max = 100, Warmup = 1 };
        Assert.Equal(0.25, options.ThresholdAt(new NetworkCall(2, 10, 0)), 12);
        Assert.StartsWith("FtvvF", CacheScript.Play(new SpeCaPolicy(options), 10, i => i == 3 ? 0.1f : 0, _backend));
    }

    [Theory]
    [InlineData(1, 0, 8, "FvvvvvvvvFvvvvvvvvF")]
    [InlineData(3, 0, 4, "FFFvvvvFvvvvFvvvvFv")]
    [InlineData(3, 2, 4, "FFFttvvFttvvFttvvFt")]
    public void Strict_SpeCa_with_good_drafts_drafts_as_many_as_allowed(int warmup, int min, int max, string expected) =>
        Assert.Equal(expected, CacheScript.Play(Strict(warmup, min, max), expected.Length, _ => 0, _backend));

    [Theory]
    [InlineData(1, 0, 8, "FRRRRRR")]
    [InlineData(3, 0, 8, "FFFRRRR")]
    [InlineData(1, 2, 8, "FttRttRttR")]
    public void Strict_SpeCa_computes_each_rejected_call_at_once_and_drafts_on(int warmup, int min, int max, string expected) =>
        Assert.Equal(expected, CacheScript.Play(Strict(warmup, min, max), expected.Length, _ => 100, _backend));

    [Fact]
    public void A_rejection_begins_a_new_row_of_drafts() =>
        Assert.Equal("FvvRvvvFvvv", CacheScript.Play(Strict(1, 0, 3), 11, i => i == 3 ? 100 : 0, _backend));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_cannot_be_judged_is_computed(float error)
    {
        var strict = new List<CallOutcome>();
        Assert.Equal("FvvRvvv", CacheScript.Play(Strict(1, 0, 8), 7, i => i == 3 ? error : 0, _backend, strict));
        Assert.Equal(CallKind.Rejected, strict[3].Kind);
        foreach (var metric in Enum.GetValues<ErrorMeasure>())
        {
            var deferred = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Flux) with { Metric = metric, Base = 100, Decay = 1 });
            Assert.Equal("FtFttvvFttv", CacheScript.Play(deferred, 11, i => i == 6 ? error : 0, _backend));
        }
    }

    [Fact]
    public void What_cannot_be_judged_is_computed_even_where_an_error_would_have_no_consequence()
    {
        var policy = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.HunyuanVideo));
        Assert.Equal("FvvFvvvv", CacheScript.Play(policy, 8, i => i == 2 ? float.NaN : 0, _backend));
        Assert.Equal("FvvvvFvv", CacheScript.Play(policy, 8, i => i == 2 ? 1e6f : i == 4 ? 1e6f : 0, _backend));
    }

    // docs/methods/taylorseer.md, section 4: DiT (warm-up 2), FLUX (3), HunyuanVideo (1). Tails are every n-th call; counts and last positions as
    // printed.
    [Theory]
    [InlineData(3, 2, 18, 49)]
    [InlineData(4, 2, 14, 49)]
    [InlineData(5, 2, 11, 46)]
    [InlineData(6, 2, 10, 49)]
    [InlineData(7, 2, 8, 43)]
    [InlineData(8, 2, 8, 49)]
    [InlineData(3, 3, 18, 47)]
    [InlineData(4, 3, 14, 46)]
    [InlineData(5, 3, 12, 47)]
    [InlineData(6, 3, 10, 44)]
    [InlineData(7, 3, 9, 44)]
    [InlineData(8, 3, 8, 42)]
    [InlineData(3, 1, 17, 48)]
    [InlineData(4, 1, 13, 48)]
    [InlineData(5, 1, 10, 45)]
    [InlineData(6, 1, 9, 48)]
    [InlineData(7, 1, 8, 49)]
    [InlineData(8, 1, 7, 48)]
    public void TaylorSeer_computes_the_warm_up_and_then_every_nth_call(int interval, int warmup, int count, int last)
    {
        var positions = Play(new TaylorSeerPolicy(new() { Interval = interval, Warmup = warmup }), 0).Positions('F');
        int[] expected = [.. Enumerable.Range(0, Calls).Where(i => i < warmup || (i - (warmup - 1)) % interval == 0)];
        Assert.Equal(expected, positions);
        Assert.Equal((count, last), (positions.Length, positions[^1]));
    }

    [Theory]
    [InlineData(3, 1, "FttFttF")]
    [InlineData(2, 3, "FFFtFtF")]
    [InlineData(1, 1, "FFFFFFF")]
    [InlineData(1000, 1, "Ftttttt")]
    public void Fora_computes_at_a_fixed_interval(int interval, int warmup, string expected) =>
        Assert.Equal(expected, CacheScript.Play(new ForaPolicy(new() { Interval = interval, Warmup = warmup }), 7, _ => 0, _backend));

    // docs/methods/speca.md, section 6: values along a run of 50 calls. DiT's page counts down: its call s is 49 − s here.
    [Theory]
    [InlineData(SpeCaPreset.Flux, 3, 6.51, 0.005)]
    [InlineData(SpeCaPreset.Flux, 10, 5.50, 0.005)]
    [InlineData(SpeCaPreset.Flux, 20, 4.33, 0.006)] // 4.3246, rounded up on the page
    [InlineData(SpeCaPreset.Flux, 30, 3.40, 0.005)]
    [InlineData(SpeCaPreset.Flux, 40, 2.67, 0.005)]
    [InlineData(SpeCaPreset.Flux, 49, 2.15, 0.005)]
    [InlineData(SpeCaPreset.DitTables, 49 - 46, 0.236, 0.0005)]
    [InlineData(SpeCaPreset.DitTables, 49 - 40, 0.165, 0.0005)]
    [InlineData(SpeCaPreset.DitTables, 49 - 30, 0.0905, 0.00005)]
    [InlineData(SpeCaPreset.DitTables, 49 - 20, 0.0497, 0.00025)]
    [InlineData(SpeCaPreset.DitTables, 49 - 10, 0.0273, 0.00005)]
    [InlineData(SpeCaPreset.DitTables, 49 - 0, 0.015, 0.00005)]
    [InlineData(SpeCaPreset.HunyuanVideo, 10, 0.63, 0.005)]
    [InlineData(SpeCaPreset.HunyuanVideo, 20, 0.40, 0.005)]
    [InlineData(SpeCaPreset.HunyuanVideo, 30, 0.25, 0.005)]
    [InlineData(SpeCaPreset.HunyuanVideo, 40, 0.16, 0.005)]
    [InlineData(SpeCaPreset.Dit, 24, 0.01, 1e-9)] // the floor is reached half-way
    [InlineData(SpeCaPreset.Dit, 49, 0.01, 0)]
    public void Thresholds_shrink_along_the_run_as_printed(SpeCaPreset preset, int call, double expected, double tolerance) =>
        Assert.Equal(expected, SpeCaOptions.Released(preset).ThresholdAt(new NetworkCall(call, Calls, 0)), tolerance);

    [Fact]
    public void The_threshold_that_a_draft_is_held_against_stands_in_its_outcome()
    {
        var outcomes = new List<CallOutcome>();
        CacheScript.Play(Strict(1, 0, 8), 10, _ => 0.01f, _backend, outcomes);
        Assert.Equal(0.5 * Math.Pow(0.25, 4 / 10.0), outcomes[4].Threshold!.Value, 12);
        Assert.Equal(0.01, outcomes[4].Error!.Value, 1e-6);
    }

    [Fact]
    public void Nothing_is_drafted_where_no_error_is_allowed()
    {
        foreach (var mode in Enum.GetValues<SpeCaMode>())
        {
            Assert.Equal("FFFFFFFF", CacheScript.Play(new SpeCaPolicy(SpeCaOptions.Released(
                SpeCaPreset.Paper) with
            { Granularity = Granularity.Block, Mode = mode, Base = 0, Warmup = 1 }), 8, _ => 0, _backend));
            Assert.Contains('v', CacheScript.Play(new SpeCaPolicy(SpeCaOptions.Released(
                SpeCaPreset.Paper) with
            { Granularity = Granularity.Block, Mode = mode, Base = 0, Floor = 0.1, Warmup = 1 }), 8, _ => 0, _backend));
        }
    }

    private static SpeCaPolicy Strict(int warmup, int min, int max) => new(new() { Warmup = warmup, Min = min, Max = max, Base = 0.5, Decay = 0.25 });

    private string Play(ICachePolicy policy, float error) => CacheScript.Play(policy, Calls, _ => error, _backend);
}
