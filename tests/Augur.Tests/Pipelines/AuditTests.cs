using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

public sealed class AuditTests : IDisposable
{
    private const string Strict = "speca(preset=paper,granularity=block,base=0.2)"; // accepts some drafts and rejects some
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public AuditTests() => _model = SmallDit.Load(_backend);

    public static TheoryData<string> Policies => ["none", "fora", "taylorseer(interval=3,granularity=output)", Strict, "speca(preset=dit)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4)"];

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious)];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task An_audit_changes_nothing_of_the_run_but_its_report(string policy)
    {
        var cache = PolicyCatalog.Parse(policy);
        GenerationRequest[] requests =
            [.. Enumerable.Range(0, 3).Select(i => Request(i, i, "none") with { Cache = cache, Guidance = new Guidance(1 + i), AuditShare = 0 })];
        var plain = await new GenerationPipeline(_model, new StepClock()).GenerateAsync(requests);
        var audited = await new GenerationPipeline(_model, new StepClock()).GenerateAsync([.. requests.Select(r => r with { AuditShare = 1 })]);
        foreach (var (a, b) in plain.Zip(audited))
        {
            Assert.Equal(a.Latent, b.Latent);
            Assert.Equal(a.Report.Calls, b.Report.Calls);
            Assert.Equal(a.Report.Cost, b.Report.Cost); // by a clock that only moves when it is read
            Assert.Equal((a.Report.PeakCacheBytes, a.Report.Note, null), (b.Report.PeakCacheBytes, b.Report.Note, a.Report.Audit));
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Every_call_that_was_not_computed_has_a_true_error_and_its_cost_stands_apart(string policy)
    {
        foreach (var guidance in new[] { 1.0, 2.0 })
        {
            var report = (await Draw(Request(3, 5, policy) with { Guidance = new Guidance(guidance) })).Report;
            var audit = report.Audit!;
            Assert.Equal(report.Calls.Select(c => c.Kind != CallKind.Computed), audit.TrueErrors.Select(e => e is not null));
            Assert.All(audit.TrueErrors.OfType<double>(), error => Assert.True(error is > 0 and < 100, $"{error}"));
            var computedOnTheSide = report.Calls.Count(c => c.Kind is not (CallKind.Computed or CallKind.Rejected));
            Assert.Equal((guidance > 1 ? 2 : 1) * computedOnTheSide * _model.Denoiser.Map().FlopsPerRow, audit.Flops);
            Assert.Equal(computedOnTheSide > 0, audit.Time > TimeSpan.Zero);
        }
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_leaves_nothing_to_audit(string policy)
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        var audit = (await new GenerationPipeline(model).GenerateAsync(Request(3, 5, policy))).Report.Audit!;
        Assert.Equal((12, true, 0L, TimeSpan.Zero), (audit.TrueErrors.Count, audit.TrueErrors.All(e => e is null), audit.Flops, audit.Time));
        Assert.Equal(12, ((WatchedDenoiser)model.Denoiser).Calls.Count);
    }

    [Fact]
    public async Task The_true_error_is_that_of_two_calls_made_by_hand()
    {
        var request = Request(3, 5, "taylorseer(interval=2,warmup=1,order=1)") with { Guidance = new Guidance(1) };
        var report = (await Draw(request)).Report;

        using var scope = TensorScope.Begin();
        var denoiser = _model.Denoiser;
        using var sample = new RunStart(_model).Begin([request], null).Trajectories[0];
        using var cache = request.Cache!.Open(new RunInfo { Map = denoiser.Map(), CallCount = 12, RowCount = 1 });
        for (var call = 0; call < 4; call++)
        {
            var run = sample.Run;
            cache.Begin(new NetworkCall(call, 12, run.Timestep));
            var answer = denoiser.Predict(run.Latent, [run.Timestep], [3], denoiser.Door(cache, 1));
            var full = denoiser.Predict(run.Latent, [run.Timestep], [3], ComputeEverything.Instance).ToArray();
            var difference = answer.ToArray().Zip(full, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
            Assert.Equal(Math.Sqrt(difference / full.Sum(v => (double)v * v)), report.Audit!.TrueErrors[call] ?? 0, 1e-9);
            sample.Advance(answer, cache.End());
        }

        Assert.Equal([false, true, false, true], report.Audit!.TrueErrors.Take(4).Select(e => e > 0));
    }

    [Fact]
    public async Task Where_the_network_stands_still_a_reused_answer_has_no_error()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { IsStill = true });
        var audit = (await new GenerationPipeline(model).GenerateAsync(Request(3, 5, "fora(interval=3)"))).Report.Audit!;
        Assert.Equal([null, 0, 0, null, 0, 0, null, 0, 0, null, 0, 0], audit.TrueErrors);
    }

    [Fact]
    public async Task Audited_calls_of_several_policies_are_one_batched_call_and_equal_those_alone()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        GenerationRequest[] requests =
        [
            Request(1, 1, "fora(interval=2)") with { Guidance = new Guidance(1) },
            Request(2, 2, "taylorseer(interval=2,warmup=1)"),
            Request(3, 3, "fora(interval=2)") with { AuditShare = 0 },
            Request(4, 4, "none"),
        ];
        var together = await new GenerationPipeline(model).GenerateAsync([.. requests.Select(r => r with { Steps = 4 })]);
        Assert.Equal([7, 3, 2, 2, 3, 7, 3, 2, 2, 3], ((WatchedDenoiser)model.Denoiser).Calls); // the drafts, what is computed, the audit
        Assert.Null(together[2].Report.Audit);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((await Draw(requests[i] with { Steps = 4 })).Report.Audit!.TrueErrors, together[i].Report.Audit!.TrueErrors);
        }
    }

    [Fact]
    public async Task An_audit_keeps_to_the_bound_of_rows()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        var pipeline = new GenerationPipeline(model) { Options = new EngineOptions { MaxRows = 4 } };
        await pipeline.GenerateAsync([.. Enumerable.Range(0, 3).Select(i => Request(i, i, "fora(interval=2)") with { Steps = 2 })]);
        Assert.All(((WatchedDenoiser)model.Denoiser).Calls, rows => Assert.InRange(rows, 1, 4));
    }

    [Fact]
    public async Task A_rejected_draft_is_held_against_what_the_run_computes_anyway()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        var report = (await new GenerationPipeline(model)
            .GenerateAsync(Request(2, 2, "speca(preset=paper,granularity=block,base=1e-5,decay=1)") with { Steps = 6 })).Report;
        Assert.Equal("CCCRRR", string.Concat(report.Marks.Select(m => m.Letter)));
        Assert.Equal([false, false, false, true, true, true], report.Audit!.TrueErrors.Select(e => e > 0));
        Assert.Equal(9, ((WatchedDenoiser)model.Denoiser).Calls.Count);
        Assert.Equal(0, report.Audit.Flops);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task A_share_of_the_calls_has_the_errors_of_the_whole_audit_and_only_their_cost(string policy)
    {
        var whole = new List<double?>();
        var share = new List<double?>();
        for (var seed = 0; seed < 8; seed++)
        {
            var all = (await Draw(Request(3, seed, policy))).Report;
            var some = (await Draw(Request(3, seed, policy) with { AuditShare = 0.5 })).Report;
            Assert.All(some.Audit!.TrueErrors.Zip(all.Audit!.TrueErrors), pair => Assert.True(pair.First is null || pair.First == pair.Second));
            var onTheSide = some.Calls.Zip(some.Audit.TrueErrors).Count(c => c.Second is not null && c.First.Kind != CallKind.Rejected);
            Assert.Equal(2 * onTheSide * _model.Denoiser.Map().FlopsPerRow, some.Audit.Flops);
            whole.AddRange(all.Audit.TrueErrors.Where(e => e is not null));
            share.AddRange(some.Audit.TrueErrors.Where(e => e is not null));
        }

        Assert.InRange(share.Count, 0.25 * whole.Count, 0.75 * whole.Count);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_of_0_to_1_is_refused(double share) =>
        Assert.Contains("is no share of the calls to audit",
            Assert.Throws<ArgumentOutOfRangeException>(() => Request(3, 5, "fora") with { AuditShare = share }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_that_is_not_a_number_has_a_true_error_that_is_none_and_harms_nobody()
    {
        const int TheAudit = 3; // after a computed call and a draft
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner)
        {
            After = (call, output) => call == TheAudit ? output + Tensor.Full(output.Backend, output.Shape, float.NaN) : output,
        });
        var request = Request(3, 5, "fora(interval=2)") with { Steps = 2 };
        var result = await new GenerationPipeline(model).GenerateAsync(request);
        Assert.Equal([null, double.NaN], result.Report.Audit!.TrueErrors);
        Assert.Equal((await Draw(request)).Latent, result.Latent);
    }

    [Fact]
    public async Task An_audit_that_fails_fails_the_run_and_keeps_no_memory()
    {
        const int TheAudit = 3;
        using var model = SmallDit.Load(
            _backend,
            inner => new WatchedDenoiser(inner) { Before = call => _ = call == TheAudit ? throw new InvalidDataException("the audit fails") : 0 },
            keepsModulations: false);
        var inUse = _backend.BytesInUse;
        await Assert.ThrowsAsync<InvalidDataException>(() => new GenerationPipeline(model).GenerateAsync(Request(3, 5, "fora(interval=2)")));
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    private async Task<GenerationResult> Draw(GenerationRequest request) => await new GenerationPipeline(_model).GenerateAsync(request);

    private GenerationRequest Request(int label, long seed, string policy) =>
        _model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy), AuditShare = 1 };

    /// <summary>A clock that moves by one millisecond whenever it is read: costs count readings, not the machine's moods.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }
}
