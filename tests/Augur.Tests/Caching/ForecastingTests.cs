using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class ForecastingTests : IDisposable
{
    private static readonly Site s_site = Site.Mlp(0);
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void The_worked_example_of_the_method_page_is_reproduced()
    {
        // docs/methods/speca.md, section 3.3: f(s) = s², computed at 0, 1, 2 and 8; with a warm-up of three the differences wait for call 2.
        using var model = Draft(new TaylorForecaster(2));
        Compute(model, s => s * s, [0, 1, 2, 8], differentiateFrom: 2);
        Assert.Equal(64 + 20 + (7.0 / 6 * 2), Forecast(model, 10), 1e-4);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(8, 4)]
    public void An_order_more_is_known_with_each_computed_call_up_to_the_order(int order, int known)
    {
        using var history = new FeatureHistory(order + 1, DType.Float32);
        using var scope = TensorScope.Begin();
        for (var i = 0; i < 4; i++)
        {
            history.Observe(Tensor.Full(_backend, [1, 2, 4], i * i), 1, differentiate: i > 0);
            Assert.Equal(Math.Min(i + 1, order + 1), history.Known.Length);
        }

        Assert.Equal(known, history.Known.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Taylor_is_exact_on_lines_whatever_the_gaps(int order)
    {
        using var model = Draft(new TaylorForecaster(order));
        Compute(model, s => 3 - (0.5 * s), [0, 1, 4, 5, 11], differentiateFrom: 0);
        foreach (var s in new[] { 12, 13, 20 })
        {
            Assert.Equal(3 - (0.5 * s), Forecast(model, s), 1e-4);
        }
    }

    [Fact]
    public void Order_zero_repeats_the_feature()
    {
        using var model = Draft(new TaylorForecaster(0));
        Compute(model, s => s * s, [0, 1, 5], differentiateFrom: 0);
        Assert.Equal(25, Forecast(model, 9));
    }

    [Fact]
    public void With_one_computed_call_every_rule_repeats_the_feature()
    {
        foreach (IForecaster rule in new IForecaster[] { new TaylorForecaster(4), new AdamsBashforthForecaster() })
        {
            using var model = Draft(rule);
            Compute(model, s => 7, [0], differentiateFrom: 0);
            Assert.Equal(7, Forecast(model, 5));
        }
    }

    [Fact]
    public void Adams_Bashforth_is_exact_on_lines_with_uneven_gaps()
    {
        using var model = Draft(new AdamsBashforthForecaster());
        Compute(model, s => 3 - (0.5 * s), [0, 1, 4, 11], differentiateFrom: 0);
        Assert.Equal(3 - (0.5 * 14), Forecast(model, 14), 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Adams_Bashforth_on_a_parabola_is_the_rule_with_the_measured_slopes(int distance)
    {
        // f = s²: slopes (16 − 1)/3 = 5 at 4 and (36 − 16)/2 = 10 at 6; F + d (3/2 · 10 − 1/2 · 5).
        using var model = Draft(new AdamsBashforthForecaster());
        Compute(model, s => s * s, [1, 4, 6], differentiateFrom: 0);
        Assert.Equal(36 + (distance * ((1.5 * 10) - (0.5 * 5))), Forecast(model, 6 + distance), 1e-4);
    }

    [Fact]
    public void Adams_Bashforth_follows_a_parabola_closer_than_a_line()
    {
        using var bashforth = Draft(new AdamsBashforthForecaster());
        using var taylor = Draft(new TaylorForecaster(1));
        foreach (var model in new[] { bashforth, taylor })
        {
            Compute(model, s => s * s, [0, 3, 6, 9], differentiateFrom: 0);
        }

        Assert.True(Math.Abs(144 - Forecast(bashforth, 12)) < Math.Abs(144 - Forecast(taylor, 12)));
    }

    [Fact]
    public void Differences_that_are_not_to_be_formed_yet_forget_the_earlier_ones()
    {
        using var history = new FeatureHistory(3, DType.Float32);
        using var scope = TensorScope.Begin();
        history.Observe(Tensor.Full(_backend, [1, 2, 4], 1), 0, differentiate: false);
        history.Observe(Tensor.Full(_backend, [1, 2, 4], 2), 1, differentiate: true);
        history.Observe(Tensor.Full(_backend, [1, 2, 4], 5), 1, differentiate: false);
        Assert.Equal(5, Assert.Single(history.Known.ToArray()).ToArray()[0]);
    }

    [Fact]
    public void Half_the_memory_keeps_the_forecast_within_half_precision()
    {
        using var model = Draft(new TaylorForecaster(1), DType.BFloat16);
        using var whole = Draft(new TaylorForecaster(1));
        Compute(model, s => 1 + (0.125 * s), [0, 2], differentiateFrom: 0);
        Compute(whole, s => 1 + (0.125 * s), [0, 2], differentiateFrom: 0);
        Assert.Equal(1.5, Forecast(model, 4), 1.5 / 128);
        Assert.Equal(whole.ByteCount, 2 * model.ByteCount);
    }

    // The budget is a byte short of what the line before it takes. Stream 2×4, output 2×3, two rows, four blocks.
    [Theory]
    [InlineData(true, (2 * 4 * 8 * 2 * 5 * 4) - 1, "granularity block, float32, 5 of 5 differences")]
    [InlineData(true, (2 * 8 * 2 * 5 * 4) - 1, "granularity block, bfloat16, 5 of 5 differences")]
    [InlineData(true, (2 * 8 * 2 * 5 * 2) - 1, "granularity block, bfloat16, 4 of 5 differences")]
    [InlineData(true, 0, "nothing: forecasts keep 64 at least, so every call was computed")]
    [InlineData(false, (2 * 4 * 8 * 2 * 5 * 4) - 1, "granularity block, float32, 5 of 5 differences")]
    [InlineData(false, (8 * 2 * 5 * 4) - 1, "granularity output, float32, 5 of 5 differences")]
    [InlineData(false, (6 * 2 * 5 * 4) - 1, "granularity output, bfloat16, 5 of 5 differences")]
    [InlineData(false, (6 * 2 * 5 * 2) - 1, "granularity output, bfloat16, 4 of 5 differences")]
    [InlineData(false, 1, "nothing: forecasts keep 24 at least, so every call was computed")]
    public void A_budget_gives_up_granularity_then_precision_then_orders(bool verifies, long budget, string expected)
    {
        var run = CacheScript.Run(10, rows: 2) with { MemoryBudget = budget };
        using var model =
            new DraftModel(new DraftSettings(new TaylorForecaster(4), Granularity.Branch, DType.Float32), run, verifies ? Site.Block(3) : null);
        Assert.Equal($"a budget of {budget} bytes left room for {expected}", model.Note);
    }

    [Theory]
    [InlineData(3, 2)] // behind the last block and before it
    [InlineData(0, 2)] // behind the last block and behind the first
    [InlineData(1, 3)]
    public void A_block_that_is_verified_keeps_the_stream_behind_it_and_before_it(int layer, int kept)
    {
        using var scope = TensorScope.Begin();
        using var model =
            new DraftModel(new DraftSettings(new TaylorForecaster(0), Granularity.Block, DType.Float32), CacheScript.Run(10), Site.Block(layer));
        model.BeginComputed(new NetworkCall(0, 10, 0), forgets: true);
        foreach (var site in Enumerable.Range(0, 4).Select(Site.Block).Where(s => model.AskComputed(s) == Says.ComputeAndObserve))
        {
            model.Observe(site, Tensor.Full(_backend, [1, 2, 4], 1));
        }

        Assert.Equal(kept * 8 * 4, model.ByteCount);
        Assert.Equal(Says.Supply, model.AskDraft(Site.Block(layer), verify: true));
        Assert.Equal(layer == 3 ? Says.Supply : Says.Skip, model.AskDraft(Site.Block(layer), verify: false));
        Assert.All(Enumerable.Range(0, 4).Select(Site.Block).Where(s => model.AskDraft(s, verify: true) != Says.Skip), s =>
            model.AnswerDraft(new Question(s, null!, 0, 1, null), verify: true).Forecast!());
    }

    [Fact]
    public void A_budget_that_is_large_enough_costs_nothing()
    {
        var run = CacheScript.Run(10, rows: 2) with { MemoryBudget = 2 * 4 * 8 * 2 * 5 * 4 };
        using var model = new DraftModel(new DraftSettings(new TaylorForecaster(4), Granularity.Branch, DType.Float32), run, verified: Site.Block(3));
        Assert.Null(model.Note);
        Assert.Equal((Granularity.Branch, 5), (model.Granularity, model.TermCount));
    }

    private static DraftModel Draft(IForecaster rule, DType state = DType.Float32) =>
        new(new DraftSettings(rule, Granularity.Branch, state), CacheScript.Run(50), verified: null);

    private void Compute(DraftModel model, Func<double, double> f, int[] calls, int differentiateFrom)
    {
        using var scope = TensorScope.Begin();
        foreach (var call in calls)
        {
            model.BeginComputed(new NetworkCall(call, 50, 0), forgets: call < differentiateFrom);
            model.Observe(s_site, Tensor.Full(_backend, [1, 2, 4], (float)f(call)));
        }
    }

    private double Forecast(DraftModel model, int call)
    {
        using var scope = TensorScope.Begin();
        model.BeginDraft(new NetworkCall(call, 50, 0));
        var y = Tensor.Empty(_backend, [1, 2, 4]);
        model.Supply(s_site).WriteTo(y);
        return Assert.Single(y.ToArray().Distinct());
    }
}
