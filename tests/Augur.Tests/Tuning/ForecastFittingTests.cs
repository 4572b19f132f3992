using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class ForecastFittingTests : IDisposable
{
    private static readonly int[] s_schedule = [0, 3, 6, 9];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;
    private readonly TemporaryFolder _folder = new();

    public ForecastFittingTests()
    {
        _model = SmallDit.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task A_fit_is_nearer_to_its_calibration_pictures_than_every_rule_on_the_same_calls()
    {
        var requests = Requests(6);
        var fit = Fit(requests, new() { Calls = [4], Schedule = s_schedule, Evenness = 0 });
        var fitted = fit.Errors[0].Average();
        string[] rules = ["reuse", "taylor(order=1)", "taylor(order=2)", "hicache", "foca", "adams-bashforth", "chebyshev", "barycentric"];
        foreach (var rule in rules)
        {
            var errors = await ErrorsAsync(requests, $"taylorseer(schedule=list({string.Join('-', s_schedule)}),draft={rule},granularity=output)");
            Assert.True(fitted < errors.Average(), $"{rule}: {errors.Average()}, fitted {fitted}");
        }
    }

    [Theory]
    [InlineData("ddim")]
    [InlineData("dpm++")]
    [InlineData("deis")]
    public async Task A_run_under_the_saved_fit_goes_where_the_fit_went(string sampler)
    {
        GenerationRequest[] requests = [.. Requests(3).Select(r => r with { Sampler = Samplers.Parse(sampler) })];
        var fit = Fit(requests, new() { Calls = [3, 5] });
        Assert.Equal([3, 5], fit.Computed.Select(c => c.Length));
        var policy = Saved(fit, 5);
        var errors = await ErrorsAsync(requests, policy);
        Assert.All(fit.Errors[1].Zip(errors), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * pair.First));
        var report = (await _pipeline.GenerateAsync(requests[0] with { Cache = PolicyCatalog.Parse(policy) })).Report;
        Assert.Equal(5, report.Calls.Count(c => c.Kind == CallKind.Computed));
        Assert.Equal(7, report.Calls.Count(c => c.Kind == CallKind.Drafted));
    }

    [Fact]
    public async Task A_batch_under_a_fit_equals_single_runs()
    {
        var policy = PolicyCatalog.Parse(Saved(Fit(Requests(2), new() { Calls = [4], Schedule = s_schedule }), 4));
        GenerationRequest[] requests = [.. Requests(3).Select(r => r with { Cache = policy })];
        var together = await _pipeline.GenerateAsync(requests);
        foreach (var (request, result) in requests.Zip(together))
        {
            Assert.Equal((await _pipeline.GenerateAsync(request)).Latent, result.Latent);
        }
    }

    [Fact]
    public async Task Long_runs_of_drafts_are_remarked_on_unless_they_were_fitted()
    {
        int[] schedule = [0, 2, 7, 10]; // four drafts in a row, a third of the run
        var fitted = Saved(Fit(Requests(2), new() { Calls = [4], Schedule = schedule }), 4);
        Assert.Null(await NoteAsync(fitted));
        Assert.Contains("in a row", await NoteAsync($"taylorseer(schedule=list({string.Join('-', schedule)}),granularity=output)"));
    }

    [Fact]
    public void A_fit_is_read_as_it_was_written()
    {
        var fit = Fit(Requests(2), new() { Calls = [3, 4] });
        Saved(fit, 3);
        var read = ForecastJson.Read(_folder.File("fit.json"));
        Assert.Equal(("ddim", 12, 2, "foca"), (read.Sampler, read.Calls, read.Rows, read.Draft));
        Assert.Equal(fit.Computed, read.Plans.Select(p => p.Computed));
        var first = File.ReadAllText(_folder.File("fit.json"));
        Assert.Contains("\"about\"", first);
        foreach (var row in read.Basis)
        {
            Assert.Equal(1, row.Sum(v => (double)v * v), 1e-5);
        }
    }

    [Theory]
    [InlineData("steps", "is for 12 calls of ddim at guidance 1.5")]
    [InlineData("sampler", "this run makes 12 calls of dpm++ at guidance 1.5")]
    [InlineData("guidance", "this run makes 12 calls of ddim at guidance 3")]
    [InlineData("noise", "augur fit forecast makes a fit for it")]
    public async Task A_run_that_the_fit_was_not_made_for_is_refused(string what, string message)
    {
        var policy = PolicyCatalog.Parse(Saved(Fit(Requests(1), new() { Calls = [4], Schedule = s_schedule }), 4));
        var request = Requests(1)[0] with { Cache = policy };
        request = what switch
        {
            "steps" => request with { Steps = 20 },
            "sampler" => request with { Sampler = Samplers.Parse("dpm++") },
            "noise" => request with { Sampler = Samplers.Parse("ddpm") },
            _ => request with { Guidance = new Augur.Conditioning.Guidance(3) },
        };
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(request));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("augur(5,forecast=PATH)", "is for 4 computed calls, not for 5.")]
    [InlineData("augur(4,forecast=PATH,draft=reuse)", "corrects draft=foca, not draft=reuse.")]
    [InlineData("augur(4,forecast=PATH,granularity=block)", "granularity is output, tokens is none and state is float32.")]
    public void Settings_that_the_fit_was_not_made_for_are_refused(string policy, string message)
    {
        var saved = Saved(Fit(Requests(1), new() { Calls = [4], Schedule = s_schedule }), 4);
        Assert.Equal(saved, PolicyCatalog.Parse(saved).Name);
        var error = Assert.ThrowsAny<ArgumentException>(() => PolicyCatalog.Parse(policy.Replace("PATH", _folder.File("fit.json"))));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rows\": 2", "\"rows\": 0", "rows is 0; it lies between 1 and 4096.")]
    [InlineData("\"rows\": 2", "\"rows\": 3", "rows; there are")]
    [InlineData("\"computed\": [0,3,6,9]", "\"computed\": [0,3,6,19]", "does not ascend from at least 0 to at most 11.")]
    [InlineData("\"computed\": [0,3,6,9]", "\"computed\": [1,3,6,9]", "has 0 rows; there are 2.")]
    [InlineData("\"width\": 0", "\"width\": -1", "width is -1; it lies between 0 and 4096.")]
    [InlineData("\"heads\": [\n        \"\"", "\"heads\": [\n        \"AAAA\"", "is no base 64 text of")]
    [InlineData("\"mean\": [", "\"mean\": [1,", "numbers; there are")]
    [InlineData("\"computed\": [0,3,6,9]", "\"computed\": [0,3,6]", "are those of 4 computed calls; there are 3.")]
    [InlineData("\"plans\"", "\"plan\"", "plan")]
    public void A_file_that_is_no_fit_is_named_with_the_field(string written, string wrong, string message)
    {
        Saved(Fit(Requests(1), new() { Calls = [4], Schedule = s_schedule }), 4);
        var text = File.ReadAllText(_folder.File("fit.json"));
        Assert.Contains(written, text);
        File.WriteAllText(_folder.File("fit.json"), text.Replace(written, wrong));
        var error = Assert.Throws<WeightFileException>(() => ForecastJson.Read(_folder.File("fit.json")));
        Assert.Contains("fit.json", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("AAAA", "is no base 64 text of")] // 3 bytes
    [InlineData("no base", "is no base 64 text of")]
    public void A_head_of_another_size_is_refused(string head, string message)
    {
        Saved(Fit(Requests(1), new() { Calls = [4], Schedule = s_schedule }), 4);
        var text = File.ReadAllText(_folder.File("fit.json"));
        var changed = text.Replace("\"width\": 0", "\"width\": 1").Replace("\"heads\": [\n        \"\"", $"\"heads\": [\n        \"{head}\"");
        Assert.Contains(head, changed, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("fit.json"), changed);
        var error = Assert.Throws<WeightFileException>(() => ForecastJson.Read(_folder.File("fit.json")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ddpm", "adds fresh noise")]
    [InlineData("ddim(clip=1)", "no linear function")]
    public void A_sampler_that_no_forecast_can_follow_is_refused(string sampler, string message)
    {
        GenerationRequest[] requests = [.. Requests(1).Select(r => r with { Sampler = Samplers.Parse(sampler) })];
        var error = Assert.Throws<ArgumentException>(() => new ForecastFitting(_model, requests, new()));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ddim", Prediction.Epsilon)]
    [InlineData("dpm++(order=3)", Prediction.Velocity)]
    [InlineData("unipc", Prediction.Epsilon)]
    [InlineData("heun(shift=3)", Prediction.Flow)]
    public void The_weights_of_a_path_give_its_latents(string text, Prediction prediction)
    {
        var sampler = Samplers.Parse(text);
        var path = SamplerPath.Of(sampler, [2, 2], 7, prediction, _backend);
        using var scope = TensorScope.Begin();
        var random = new Random(3);
        float[] Draw() => [.. Enumerable.Range(0, 4).Select(_ => (float)random.NextDouble() - 0.5f)];
        var noise = Draw();
        var answers = new List<float[]>();
        using var run = sampler.Begin(Tensor.From(_backend, noise, [1, 2, 2]), 7, prediction);
        while (!run.IsFinished)
        {
            answers.Add(Draw());
            run.Advance(Tensor.From(_backend, answers[^1], [1, 2, 2]), null, new GivenNoise(default));
            var latent = run.Latent.ToArray();
            var (j, e) = (run.CallIndex, 2);
            var expected = (path.Noise[j] * noise[e]) + answers.Select((a, m) => path.Outputs[j][m] * a[e]).Sum();
            Assert.Equal(expected, latent[e], 1e-4 * (1 + Math.Abs(expected)));
        }
    }

    // One that confuses forwards and backwards does so here, and in no measurement of quality.
    [Fact]
    public void Every_rule_that_extrapolates_carries_a_straight_line_on_forwards()
    {
        foreach (var rule in new[] { "taylor(order=1)", "foca", "adams-bashforth", "barycentric", "taylor(order=2)" })
        {
            int[] computed = [0, 4, 8];
            var weights = RuleWeights.Of(Forecasters.Parse(rule), computed, 12, _backend);
            for (var draft = 0; draft < 3; draft++)
            {
                var line = computed.Select((call, i) => weights[i][draft] * (5 + (2 * call))).Sum();
                Assert.Equal(5 + (2 * (9 + draft)), line, 1e-3);
            }
        }
    }

    [Fact]
    public void Planned_calls_ascend_and_serve_better_than_calls_bunched_at_an_end()
    {
        var fit = Fit(Requests(4), new() { Calls = [3, 5, 11] });
        Assert.Equal([3, 5, 11], fit.Computed.Select(computed => computed.Length));
        Assert.All(fit.Computed, computed => Assert.True(computed.Zip(computed.Skip(1)).All(pair => pair.First < pair.Second) && computed[^1] < 12));
        foreach (var bunched in new int[][] { [0, 1, 2, 3, 4], [0, 8, 9, 10, 11] })
        {
            var other = Fit(Requests(4), new() { Calls = [5], Schedule = bunched });
            Assert.True(fit.Errors[1].Average() < other.Errors[0].Average());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_run_under_a_fit_with_heads_goes_where_pictures_go_that_the_heads_did_not_see(int first)
    {
        var requests = Requests(HeadFit.LeastPictures);
        var options = new ForecastFitOptions { Calls = [4], Schedule = [first, 4, 7, 9] };
        var fit = Fit(requests, options);
        var policy = Saved(fit, 4);
        var read = ForecastJson.Read(_folder.File("fit.json"));
        Assert.Contains(read.Plans[0].Heads, head => head.Length > 0);
        Assert.Equal(first == 0 ? 0 : 2, read.Plans[0].Opening.Length);

        // Each picture was fitted without its own part; with all of them it is nearer.
        var errors = await ErrorsAsync(requests, policy);
        Assert.True(errors.Average() < fit.Errors[0].Average(), $"{errors.Average()}, left out {fit.Errors[0].Average()}");
        Assert.True(errors.Average() > 0.3 * fit.Errors[0].Average(), $"{errors.Average()}, left out {fit.Errors[0].Average()}");
        var without = Fit(Requests(HeadFit.LeastPictures - 1), options);
        Assert.True(errors.Average() < without.Errors[0].Average());
        var report = (await _pipeline.GenerateAsync(requests[0] with { Cache = PolicyCatalog.Parse(policy) })).Report;
        Assert.Equal(first == 0 ? CallKind.Computed : CallKind.Drafted, report.Calls[0].Kind);
        Assert.Equal(4, report.Calls.Count(c => c.Kind == CallKind.Computed));
    }

    [Fact]
    public void Moves_of_planned_calls_never_bring_the_pictures_further_away()
    {
        var requests = Requests(4);
        int[] calls = [3, 5];
        var planned = Fit(requests, new() { Calls = calls, Search = 0 });
        var moved = Fit(requests, new() { Calls = calls, Search = 3 });
        Assert.All(planned.Errors.Zip(moved.Errors), pair => Assert.True(Score(pair.Second) >= Score(pair.First)));

        // The worst of four counts double.
        static double Score(double[] errors) => -errors.Average(Math.Log) - Math.Log(errors.Max());
    }

    [Fact]
    public void A_fit_reports_as_many_calls_as_it_said()
    {
        var fitting = new ForecastFitting(_model, Requests(3), new() { Calls = [3, 5] });
        var calls = 0L;
        fitting.Run(more => calls += more, default);
        Assert.Equal(fitting.TotalCalls, calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    public void Moves_stay_within_a_run(int first)
    {
        int[] plan = [first, .. first < 9 ? (int[])[first + 1, 11] : []];
        var moved = PlanMoves.All(plan.Length).Select(move => move.Of(plan, 12)).OfType<int[]>().ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, m => Assert.True(m[0] >= 0 && m[^1] < 12 && m.Zip(m.Skip(1)).All(pair => pair.First < pair.Second)));
    }

    [Fact]
    public void Numbers_of_calls_that_a_run_does_not_have_are_refused()
    {
        Assert.Contains("12 computed calls cannot be had of 12 calls",
            Assert.Throws<ArgumentException>(() => new ForecastFitting(_model, Requests(1), new() { Calls = [12] })).Message);
        Assert.Contains("does not ascend within the calls 0 to 11",
            Assert.Throws<ArgumentException>(() => new ForecastFitting(_model, Requests(1), new() { Calls = [2], Schedule = [3, 1] })).Message);
    }

    private GenerationRequest[] Requests(int count) => [.. Enumerable.Range(0, count).Select(i => _model.Request(i % 10, 40 + i))];

    private ForecastFitResult Fit(GenerationRequest[] requests, ForecastFitOptions options) =>
        new ForecastFitting(_model, requests, options).Run(_ => { }, default);

    private string Saved(ForecastFitResult fit, int calls)
    {
        fit.Save(_folder.File("fit.json"), new ProfileAbout { Model = _model.Denoiser.Name });
        return $"augur({(calls == 10 ? "" : $"{calls},")}forecast={_folder.File("fit.json")})";
    }

    private async Task<string?> NoteAsync(string policy) =>
        (await _pipeline.GenerateAsync(Requests(1)[0] with { Cache = PolicyCatalog.Parse(policy) })).Report.Note;

    private async Task<double[]> ErrorsAsync(GenerationRequest[] requests, string policy)
    {
        var uncached = await _pipeline.GenerateAsync([.. requests.Select(r => r with { Cache = NoCachePolicy.Instance })]);
        var cached = await _pipeline.GenerateAsync([.. requests.Select(r => r with { Cache = PolicyCatalog.Parse(policy) })]);
        return [.. cached.Zip(uncached, (c, u) => c.Latent.Zip(u.Latent, (a, b) => (double)(a - b) * (a - b)).Average())];
    }
}
