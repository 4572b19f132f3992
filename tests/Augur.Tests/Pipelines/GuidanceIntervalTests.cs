using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Pipelines;

/// <summary>Guidance that acts in a part of the run.</summary>
public sealed class GuidanceIntervalTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public GuidanceIntervalTests()
    {
        _model = SmallDit.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(0.25, 0.75, 12, new[] { 3, 4, 5, 6, 7, 8 })]
    [InlineData(0, 0.1, 12, new[] { 0, 1 })] // 1.2 calls: 0 and 1 begin within them
    [InlineData(0.9, 1, 12, new[] { 11 })]
    [InlineData(0.07, 0.14, 100, new[] { 7, 8, 9, 10, 11, 12, 13 })] // 0.07 · 100 is above 7 in doubles
    [InlineData(0.01, 0.02, 12, new int[0])]
    public void Its_calls_are_those_that_begin_within_its_shares_of_the_run(double start, double end, int calls, int[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, calls).Where(call => new GuidanceInterval(start, end).Holds(call, calls)));

    [Theory]
    [InlineData("0.2-0.8", 0.2, 0.8)]
    [InlineData("0-1", 0, 1)]
    [InlineData(".25-.5", 0.25, 0.5)]
    public void It_is_read_from_what_it_writes(string text, double start, double end)
    {
        Assert.True(GuidanceInterval.TryParse(text, out var interval));
        Assert.Equal(new(start, end), interval);
        Assert.True(GuidanceInterval.TryParse(interval.ToString(), out var again));
        Assert.Equal(interval, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.2")]
    [InlineData("0.2-")]
    [InlineData("0.8-0.2")]
    [InlineData("0.5-0.5")]
    [InlineData("0.2-1.1")]
    [InlineData("-0.1-0.5")]
    [InlineData("0.2-0.5-0.8")]
    [InlineData("0,2-0,8")]
    [InlineData("NaN-1")]
    public void What_is_no_interval_is_not_read(string text) => Assert.False(GuidanceInterval.TryParse(text, out _));

    [Theory]
    [MemberData(nameof(GenerationPipelineTests.SamplersOfDiffusion), MemberType = typeof(GenerationPipelineTests))]
    public async Task Over_the_whole_run_it_is_guidance_without_one_bit_for_bit(string sampler)
    {
        var expected = await _pipeline.GenerateAsync(Request(null, sampler));
        var whole = await _pipeline.GenerateAsync(Request(GuidanceInterval.Whole, sampler));
        Assert.Equal(expected.Latent, whole.Latent);
        Assert.Equal(expected.Report.Cost.TotalFlops, whole.Report.Cost.TotalFlops);
        Assert.Null(whole.Report.Note);
    }

    [Theory]
    [MemberData(nameof(GenerationPipelineTests.SamplersOfDiffusion), MemberType = typeof(GenerationPipelineTests))]
    public async Task Where_it_holds_no_call_the_run_is_the_conditional_one_bit_for_bit(string sampler)
    {
        var expected = await _pipeline.GenerateAsync(Request(null, sampler) with { Guidance = new Guidance(1) });
        var empty = await _pipeline.GenerateAsync(Request(new(0.01, 0.02), sampler));
        Assert.Equal(expected.Latent, empty.Latent);
        Assert.Equal(expected.Report.Cost.TotalFlops, empty.Report.Cost.TotalFlops);
        Assert.Equal(0, empty.Report.GuidedCalls);
    }

    [Fact]
    public void Each_call_is_the_one_of_the_run_with_or_without_guidance()
    {
        var guided = IntervalCall.Of(_model, Request(null))[0];
        var plain = IntervalCall.Of(_model, Request(null) with { Guidance = new Guidance(1) })[0];
        var early = IntervalCall.Of(_model, Request(new(0, 0.5)))[0];
        var late = IntervalCall.Of(_model, Request(new(0.5, 1)))[0];
        for (var call = 0; call < 12; call++)
        {
            Assert.Equal(call < 6, guided[call].Latent.SequenceEqual(early[call].Latent));
            Assert.Equal(call < 6, plain[call].Latent.SequenceEqual(late[call].Latent));
            Assert.Equal((call < 6 ? 2 : 1, call < 6 ? 1 : 2), (early[call].Rows, late[call].Rows));
        }
    }

    [Fact]
    public async Task The_report_counts_what_was_computed()
    {
        var whole = (await _pipeline.GenerateAsync(Request(null))).Report;
        var report = (await _pipeline.GenerateAsync(Request(new(0.25, 0.75)))).Report;
        Assert.Equal(18 * whole.Cost.TotalFlops / 24, report.Cost.TotalFlops);
        Assert.Equal((report.Cost.TotalFlops, 6), (report.UncachedFlops, report.GuidedCalls));
        Assert.Equal(
            "guidance acted in 6 of 12 calls; the others computed the conditional row alone, which changes the result", report.Note);
        Assert.Equal(((int?)null, null), (whole.GuidedCalls, whole.Note));
    }

    [Fact]
    public async Task What_a_budget_cost_is_reported_whichever_rows_it_was_of()
    {
        // Two rows do not fit, one does: the memory in the middle of the run has the note.
        var request = Request(new(0.25, 0.75)) with { Cache = PolicyCatalog.Parse("taylorseer(interval=3)") };
        var peak = (await _pipeline.GenerateAsync(request)).Report.PeakCacheBytes;
        Assert.Contains("budget", (await _pipeline.GenerateAsync(request with { CacheBudget = peak * 3 / 5 })).Report.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8, 0.2)]
    [InlineData(0.5, 0.5)]
    [InlineData(-0.1, 1)]
    [InlineData(0, 1.5)]
    [InlineData(double.NaN, 1)]
    public async Task What_is_no_interval_is_refused(double start, double end)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(Request(new(start, end))));
        Assert.StartsWith("A guidance interval is two shares of the run's calls from 0 to 1, the lower one first", error.Message);
    }

    [Fact]
    public async Task Where_guidance_has_one_row_it_is_refused()
    {
        var request = Request(null) with { Guidance = new Guidance(1) { Interval = new(0.2, 0.8) } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _pipeline.GenerateAsync(request));
        Assert.Equal("The guidance interval 0.2-0.8 would do nothing: at guidance 1 this model computes one row in every call.", error.Message);
    }

    [Fact]
    public async Task A_fit_refuses_it()
    {
        GenerationRequest[] requests = [Request(new(0.2, 0.8))];
        const string Sentence =
            "The guidance interval 0.2-0.8 leaves rows of some calls out, and a fit follows the same rows through a run; leave it out.";
        Assert.Equal(Sentence, Assert.Throws<ArgumentException>(() => new L2CFitting(_model, requests, 0.5)).Message);
        Assert.Equal(Sentence, Assert.Throws<ArgumentException>(() => new SenCacheFitting(_model, requests)).Message);
        Assert.Equal(Sentence, Assert.Throws<ArgumentException>(() => new ForecastFitting(_model, requests, new())).Message);
        Assert.Equal(Sentence, (await Assert.ThrowsAsync<ArgumentException>(() => ChangeRecorder.MeasureAsync(_model, requests))).Message);
    }

    private GenerationRequest Request(GuidanceInterval? interval, string sampler = "ddim") => _model.Request(3, 5) with
    {
        Cache = PolicyCatalog.Parse("none"),
        Sampler = Samplers.Parse(sampler),
        Guidance = new Guidance(1.5, GuidanceChannels.FirstThree) { Interval = interval },
    };
}
