using Augur.Caching.Forecasting;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>What every rule of extrapolation keeps to, as tables over their catalog.</summary>
public sealed class ForecasterCatalogTests : IDisposable
{
    private static readonly int[][] s_calls = [[0], [0, 1], [0, 1, 2], [0, 1, 4], [3, 5, 9, 10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 17, 18]];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public static TheoryData<string> Everyone =>
    [
        .. Forecasters.All.Select(e => e.Name), "taylor(order=0)", "taylor(order=8)", "hicache(order=1,sigma=0.7)", "foca(slope=difference)",
            "foca(history=stored)", "foca(slope=difference,history=stored)", "chebyshev(order=0,history=2)",
        "chebyshev(order=8,history=32,ridge=0)", "chebyshev(ridge=100)", "barycentric(history=1)", "barycentric(history=8)", "dmd(history=4)",
    ];

    /// <summary>Rules that follow a straight line exactly, from the number of computed calls on.</summary>
    public static TheoryData<string, int> ExactOnLines => new() { { "taylor", 2 }, { "adams-bashforth", 2 }, { "foca", 2 },
        { "chebyshev(ridge=0)", 2 }, { "chebyshev(order=1,ridge=0)", 2 }, { "exponential", 2 }, { "dmd", 2 }, { "dmd(history=12)", 2 },
        { "spectrum(ridge=0)", 2 }, { "spectrum(blend=0)", 2 } };

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void A_feature_that_does_not_change_is_forecast_exactly(string text)
    {
        var rule = Forecasters.Parse(text);
        foreach (var calls in s_calls)
        {
            using var history = new DraftHistory(rule, _backend).Compute(_ => 7, calls);
            foreach (var distance in new[] { 1, 2, 7 })
            {
                Assert.Equal(7, history.Forecast(calls[^1] + distance), 0.02); // single precision under weights that reach thousands
            }
        }
    }

    [Theory]
    [MemberData(nameof(ExactOnLines))]
    public void A_rule_that_claims_lines_follows_them_whatever_the_gaps(string text, int from)
    {
        foreach (var calls in s_calls.Where(c => c.Length >= from))
        {
            using var history = new DraftHistory(Forecasters.Parse(text), _backend).Compute(c => 3 - (0.5 * c), calls);
            foreach (var distance in new[] { 1, 3, 8 })
            {
                Assert.Equal(3 - (0.5 * (calls[^1] + distance)), history.Forecast(calls[^1] + distance), 2e-3);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void A_forecast_leaves_no_trace(string text)
    {
        // A rejected draft is computed at once: what was forecast for that call, or not asked for, must not matter.
        Func<double, double> f = c => 1 + (0.3 * c) + (0.02 * c * c);
        using var asked = new DraftHistory(Forecasters.Parse(text), _backend);
        using var silent = new DraftHistory(Forecasters.Parse(text), _backend);
        foreach (var call in new[] { 0, 1, 2, 5, 9 })
        {
            asked.Compute(f, call);
            silent.Compute(f, call);
            var first = asked.Forecast(call + 3);
            asked.Forecast(call + 4);
            Assert.Equal(first, asked.Forecast(call + 3));
        }

        Assert.Equal(silent.Forecast(12), asked.Forecast(12));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void Memory_is_what_is_claimed_and_half_of_it_in_half_precision(string text)
    {
        var rule = Forecasters.Parse(text);
        using var whole = new DraftHistory(rule, _backend).Compute(c => c, [.. Enumerable.Range(0, 40)]);
        using var half = new DraftHistory(rule, _backend, DType.BFloat16).Compute(c => c, [.. Enumerable.Range(0, 40)]);
        Assert.Equal(rule.TermCount * 8 * 4, whole.ByteCount);
        Assert.Equal(whole.ByteCount, 2 * half.ByteCount);
        Assert.Equal(whole.Forecast(41), half.Forecast(41), 1.5);
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void With_a_single_tensor_every_rule_repeats_the_feature(string text)
    {
        using var history = new DraftHistory(Forecasters.Parse(text), _backend, termCount: 1).Compute(c => c * c, 0, 1, 2, 3);
        Assert.Equal(9, history.Forecast(6), 1e-5);
        using var first = new DraftHistory(Forecasters.Parse(text), _backend).Compute(_ => 5, 0);
        Assert.Equal(5, first.Forecast(2), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void What_is_written_over_the_newest_feature_shows_in_the_forecast(string text)
    {
        using var history = new DraftHistory(Forecasters.Parse(text), _backend).Compute(_ => 7, 0, 1, 2, 3);
        history.Overwrite(8);
        Assert.NotEqual(7, history.Forecast(4), 0.01);
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void The_same_text_is_the_same_rule_and_is_written_again_as_it_was(string text)
    {
        Assert.Equal(Forecasters.Parse(text).Name, Forecasters.Parse(Forecasters.Parse(text).Name).Name);
        Assert.Equal(Forecasters.Parse(text), Forecasters.Parse(Forecasters.Parse(text).Name));
    }
}
