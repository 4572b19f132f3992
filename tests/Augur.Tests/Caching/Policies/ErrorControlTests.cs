using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary><c>augur(error=…)</c>: computed calls are chosen on the way, by what the last one says of its draft.</summary>
public sealed class ErrorControlTests
{
    private const int Calls = 50;

    // As DDIM of 50 steps has it: from much noise to little.
    private static double Ratio(int call) => 150 * Math.Pow(1e-4, call / (double)Calls);

    [Fact]
    public void The_first_call_is_computed_and_another_soon_behind_it() =>
        Assert.Equal([0, 4], Play(tolerance: 1e9, error: (_, _) => 1)[..2]);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-9)]
    public void Drafts_that_are_right_reach_a_fifth_of_the_run_and_no_further(double error) =>
        Assert.Equal([0, 4, 15, 26, 37, 48], Play(tolerance: 0.01, error: (_, _) => error));

    [Fact]
    public void A_draft_that_is_not_finite_has_every_call_computed() =>
        Assert.Equal([0, .. Enumerable.Range(4, Calls - 4)], Play(tolerance: 0.01, error: (_, _) => double.NaN));

    [Fact]
    public void Larger_errors_and_smaller_tolerances_have_more_calls_computed()
    {
        var counts = new[] { 0.1, 0.2, 0.4 }.Select(rate => Play(0.01, (_, gap) => rate * gap * gap / 100).Length).ToArray();
        Assert.True(counts[0] < counts[1] && counts[1] < counts[2], string.Join(' ', counts));
        counts = [.. new[] { 0.02, 0.01, 0.005 }.Select(tolerance => Play(tolerance, (_, gap) => 0.002 * gap * gap).Length)];
        Assert.True(counts[0] < counts[1] && counts[1] < counts[2], string.Join(' ', counts));
    }

    [Fact]
    public void Calls_are_computed_where_errors_are_large()
    {
        var computed = Play(0.01, (call, gap) => (call is > 20 and < 35 ? 0.03 : 0.0005) * gap * gap);
        Assert.True(computed.Count(c => c is > 20 and < 35) > 1.5 * computed.Count(c => c >= 35), string.Join(' ', computed));
        var alike = Play(0.01, (_, gap) => 0.0005 * gap * gap);
        Assert.True(computed.Count(c => c is > 20 and < 35) > 1.5 * alike.Count(c => c is > 20 and < 35), string.Join(' ', alike));
        Assert.InRange(computed.Count(c => c > 40), 1, alike.Count(c => c > 40) + 1); // what is past is forgotten
    }

    [Fact]
    public void Between_two_computed_calls_drafts_stay_within_the_tolerance_as_it_is_counted()
    {
        const double Rate = 0.003, Tolerance = 0.01;
        var computed = Play(Tolerance, (_, gap) => Rate * gap * gap);
        foreach (var (from, to) in computed.Skip(1).Zip(computed.Skip(2)))
        {
            double Change(int call) => Rate * Math.Pow(call - from, 2) * Ratio(call) * (Way(call) - Way(call - 1));
            var within = Enumerable.Range(from + 1, to - from - 1).Sum(Change);
            Assert.True(within <= Tolerance, $"{from} to {to}: {within}");
            Assert.True(within + Change(to) > Tolerance || to - from > Calls / 5, $"{from} to {to} could have gone on");
        }

        static double Way(int call) => Math.Asinh(0.5 / Ratio(call)) / 0.5;
    }

    [Theory]
    [InlineData(0.02, 0.001)]
    [InlineData(0.04, 0.002)] // half of the way in logarithms
    [InlineData(0.08, 0.004)]
    [InlineData(9, 0.004)]
    public void An_error_that_is_wanted_is_read_from_the_table(double error, double tolerance) =>
        Assert.Equal(tolerance, ErrorCalibration.ToleranceFor(error, [0.001, 0.004], [0.02, 0.08]), 1e-12);

    [Theory]
    [InlineData("augur(7,error=0.1)", "Policy augur: calls=7 and error=0.1 exclude each other.")]
    [InlineData("augur(speedup=5,error=0.1)", "Policy augur: speedup=5 and error=0.1 exclude each other.")]
    [InlineData("augur(error=0.1,forecast=f.json)", "Policy augur: error=0.1 and forecast=f.json exclude each other.")]
    [InlineData("augur(error=0.1,granularity=branch)",
        "Policy augur: error holds computed outputs against drafts of them, kept in full; granularity is output and tokens is none.")]
    [InlineData("augur(error=0.1,tolerances=0.001,errors=0.2)", "Policy augur: error=0.1 is less than the calibration reaches, which is 0.2.")]
    [InlineData("augur(error=0.1,tolerances=0.001 0.002,errors=0.2)",
        "Policy augur: tolerances and errors have 2 and 1 numbers; they are columns of one table.")]
    [InlineData("augur(error=0.1,tolerances=0.001 0.002,errors=0.2 0.1)",
        "Policy augur: tolerances and errors ascend, but 0.002 with 0.1 follows 0.001 with 0.2.")]
    public void What_makes_no_sense_is_refused(string policy, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse(policy)).Message);

    [Fact]
    public void A_table_of_another_model_is_said()
    {
        using var own = PolicyCatalog.Parse("augur(error=0.1,tolerances=0.001,errors=0.1)").Open(CacheScript.Run(Calls));
        Assert.Null(own.Note);
        using var other = PolicyCatalog.Parse("augur(error=0.1)").Open(CacheScript.Run(Calls));
        Assert.Equal(
            "error and what it comes to were measured on the built-in model of classes; augur fit error measures them for another model", other.Note);
    }

    [Fact]
    public void A_host_that_does_not_say_how_noisy_a_latent_is_is_told_so()
    {
        using var memory = PolicyCatalog.Parse("augur(error=0.1)").Open(CacheScript.Run(Calls));
        Assert.Contains("does not say how noisy", Assert.Throws<InvalidOperationException>(() => memory.Begin(new NetworkCall(0, Calls, 0))).Message);
    }

    [Fact]
    public void The_more_an_answer_moves_the_picture_the_more_calls_are_computed()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var counts = new[] { 0.1, 1, 10 }.Select(factor =>
        {
            var computed = 0;
            using var memory = PolicyCatalog.Parse("augur(error=0.1,tolerances=0.01,errors=0.1)").Open(CacheScript.Run(Calls));
            for (var i = 0; i < Calls; i++)
            {
                using var scope = TensorScope.Begin();
                var answer = Tensor.Full(backend, [1, 2, 3], MathF.Sin(i / 6f));
                var isDraft = memory.Begin(new NetworkCall(i, Calls, 0, false, Ratio(i), new ImageEstimate(1, -factor))).IsDraft;
                var given = memory.Ask(new Question(Site.Output, answer));
                if (!isDraft)
                {
                    given.Observe!(answer, answer);
                    computed++;
                }

                Assert.Equal(isDraft, memory.End().Kind == CallKind.Drafted);
            }

            return computed;
        }).ToArray();
        Assert.True(counts[0] < counts[1] && counts[1] < counts[2], string.Join(' ', counts));
    }

    [Fact]
    public void An_error_counts_behind_guidance_and_of_what_moves_the_latent()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var run = CacheScript.Run(Calls, rows: 2) with { RowsPerSample = 2, Guidance = 3 };
        var drafted = Tensor.Zeros(backend, [2, 2, 3]);
        var computed = Tensor.From(backend, [1, 1, 1, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f], [2, 2, 3]);
        Assert.Equal(2, new GuidedLatent(run).Error(drafted, computed), 1e-6); // 3 · 1 − 2 · 0.5
        Assert.Equal(Math.Sqrt(0.625), new GuidedLatent(run with { Guidance = null }).Error(drafted, computed), 1e-6);

        var withVariance = new NetworkMap(run.Map.Sites, run.Map.Tokens, run.Map.Cuts, [true, false, false]);
        var wild = Tensor.From(backend, [1, 99, -7, 1, 5, 9, 0.5f, 3, 3, 0.5f, 70, 2], [2, 2, 3]);
        Assert.Equal(2, new GuidedLatent(run with { Map = withVariance }).Error(drafted, wild), 1e-6);
    }

    [Fact]
    public async Task Strong_guidance_has_more_calls_computed_than_none()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = SmallDit.Load(backend);
        var policy = PolicyCatalog.Parse("augur(error=0.1,tolerances=0.01,errors=0.1)");
        var pipeline = new GenerationPipeline(model);
        var computed = new List<int>();
        foreach (var scale in (double[])[1, 2, 8])
        {
            var request = model.Request(3, 5) with { Cache = policy, Guidance = new(scale), Steps = 30 };
            computed.Add((await pipeline.GenerateAsync(request)).Report.Computed);
        }

        Assert.True(computed[0] < computed[2] && computed[1] <= computed[2], string.Join(' ', computed));
    }

    // The computed calls of a run whose drafts are off by what is given for call and distance.
    private static int[] Play(double tolerance, Func<int, int, double> error)
    {
        var (control, computed) = (new ErrorControl(tolerance), new List<int>());
        for (var i = 0; i < Calls; i++)
        {
            var call = new NetworkCall(i, Calls, 0, NoiseToSignal: Ratio(i));
            if (!control.Drafts(call, factor: Ratio(i)))
            {
                control.Computed(call, computed.Count == 0 ? null : error(i, i - computed[^1]));
                computed.Add(i);
            }
        }

        return [.. computed];
    }
}
