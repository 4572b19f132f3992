using System.Numerics;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/seacache.md: the filter against NumPy, a direct sum and closed forms; decisions on scripted signals.</summary>
public sealed class SeaCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    // def sea(x, a, b, beta):  # NumPy 1.24
    //     h = 1.0
    //     for axis, n in enumerate(x.shape):
    //         s = 1 / (np.abs(np.fft.fftfreq(n)) ** beta + 1e-16)
    //         g = a * s / (a * a * s + b * b + 1e-16)
    //         h = h * g.reshape([-1 if i == axis else 1 for i in range(2)])
    //     h = h / h.mean()
    //     return np.fft.ifft2(np.fft.fft2(x) * h).real
    // sea(np.sin(0.7 * np.arange(15) ** 2).reshape(3, 5), 0.3, 0.7, 2)
    private static readonly double[] s_threeByFive =
    [
        -0.106701761, 0.742881956, 0.537404572, -0.125495877, -1.104653981, -0.838685499, 0.111178024, 0.49019729, 0.618377811, -0.202459486,
        0.47936333, 0.41015903, 0.275409471, -0.865969629, -1.021510361,
    ];

    // sea(np.sin(0.7 * np.arange(24) ** 2).reshape(4, 6), np.sqrt(0.01), np.sqrt(0.99), 3)
    private static readonly double[] s_fourBySix =
    [
        0.40163225, 1.453844437, 1.145157857, 0.295569771, -1.027742926, -1.106053212, 0.481626098, 0.658527278, 0.807454935, 0.766288744,
        0.443489395, 0.302203849, 0.768259177, -0.100809918, -0.279908028, 0.504522122, 0.599034011, 0.921544281, 0.865641912, 1.028516582,
        0.365345798, 0.296967572, -0.618071169, -0.368790005,
    ];

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(3, 5, 2, 0.7 / 0.3)]
    [InlineData(4, 6, 3, 9.9498743710662)]
    public void The_filter_is_that_of_a_Fourier_transform_for_every_row_and_channel(int rows, int columns, double power, double noiseToSignal)
    {
        using var scope = TensorScope.Begin();
        var (expected, tokens) = (rows == 3 ? s_threeByFive : s_fourBySix, rows * columns);
        float[] values = [.. from n in Enumerable.Range(0, 2 * tokens) from channel in Enumerable.Range(
            1, 3) select (float)(Factor(n / tokens, channel) * Math.Sin(0.7 * (n % tokens) * (n % tokens)))];
        var filtered = new SeaFilter([rows, columns], power).Apply(Tensor.From(_backend, values, [2, tokens, 3]), noiseToSignal);
        Assert.Equal(new Shape(2, tokens, 3), filtered.Shape);
        Assert.All(filtered.ToArray(), (actual, i) => Assert.Equal(Factor(i / 3 / tokens, 1 + (i % 3)) * expected[i / 3 % tokens], actual, 1e-5));

        static double Factor(int row, int channel) => row == 0 ? channel : -0.5 * channel;
    }

    [Theory]
    [InlineData(7, 3, 2.5, 1.7)]
    [InlineData(1, 8, 2, 20)]
    [InlineData(5, 1, 0.3, 0.4)]
    public void The_filter_is_the_direct_sum_over_frequencies_and_tokens(int rows, int columns, double power, double noiseToSignal)
    {
        using var scope = TensorScope.Begin();
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        var actual = new SeaFilter([rows, columns], power).Apply(Tensor.From(_backend, x, [1, x.Length, 1]), noiseToSignal).ToArray();
        var gains = new double[x.Length];
        for (var k = 0; k < x.Length; k++)
        {
            gains[k] = Gain(k / columns, rows) * Gain(k % columns, columns);
        }

        for (var n = 0; n < x.Length; n++)
        {
            var sum = Complex.Zero;
            for (var k = 0; k < x.Length; k++)
            {
                for (var m = 0; m < x.Length; m++)
                {
                    var turns = ((k / columns) * ((n / columns) - (m / columns)) / (double)rows)
                        + ((k % columns) * ((n % columns) - (m % columns)) / (double)columns);
                    sum += gains[k] * x[m] * Complex.FromPolarCoordinates(1, 2 * Math.PI * turns);
                }
            }

            Assert.Equal(sum.Real / gains.Sum(), actual[n], 1e-5);
        }

        double Gain(int k, int count) =>
            1 / (1 + (noiseToSignal * noiseToSignal * Math.Pow(Math.Abs(k > count / 2 ? k - count : k) / (double)count, power)));
    }

    [Fact]
    public void Gains_are_those_of_the_Wiener_filter_with_mean_one()
    {
        // f = 0, 1/4, 1/2, 1/4; 4·f² = 0, 1/4, 1, 1/4.
        Near([1 / 0.775, 0.8 / 0.775, 0.5 / 0.775, 0.8 / 0.775], SeaFilter.Gains(4, 2, 2));
        Near([1, 0.5 / 3.1, -0.1 / 3.1, 0.5 / 3.1], SeaFilter.ImpulseResponse(4, 2, 2));
        Near([1], SeaFilter.Gains(1, 2, 2));
        Near([1, 1, 1, 1, 1], SeaFilter.Gains(5, 2, 0)); // no noise: everything passes
        Near([1, 0, 0, 0, 0], SeaFilter.ImpulseResponse(5, 2, 0));
        Near([5, 0, 0, 0, 0], SeaFilter.Gains(5, 2, double.PositiveInfinity)); // noise alone: the sum
        Near([1, 1, 1, 1, 1], SeaFilter.ImpulseResponse(5, 2, double.PositiveInfinity));

        static void Near(double[] expected, double[] actual) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    // The signal grows by a tenth from call to call, the noise level stays: what teacache decides.
    [Theory]
    [InlineData("seacache(threshold=0.25)", "FrrFrrFrrF")]
    [InlineData("seacache(threshold=0.15,power=3)", "FrFrFrFrFF")]
    [InlineData("seacache(threshold=0.25,warmup=4)", "FFFFrrFrrF")]
    [InlineData("seacache(threshold=1000)", "FrrrrrrrrF")]
    [InlineData("seacache(threshold=0)", "FFFFFFFFFF")]
    public void Changes_add_up_until_the_threshold(string policy, string expected) =>
        Assert.Equal(expected, GateScript.Play(policy, 10, i => new(Signal: MathF.Pow(1.1f, i), NoiseToSignal: 3), _backend));

    [Fact]
    public void A_change_of_the_noise_level_alone_changes_what_is_seen()
    {
        // Two tokens: the gain at f = 0 is 2 / (1 + 1/(1 + r²/4)), which is 2, 4/3 and 1 at r = ∞, 2 and 0.
        double[] levels = [double.PositiveInfinity, 2, 0, 0];
        var outcomes = new List<CallOutcome>();
        Assert.Equal("FrrF", GateScript.Play("seacache(threshold=1000)", 4, i => new(NoiseToSignal: levels[i]), _backend, outcomes));
        Assert.Equal([1.0 / 3, (1.0 / 3) + (1.0 / 4)], outcomes[1..3].Select(o => o.Error!.Value), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    // Of a checkerboard, f = 1/2 along both axes, the gain over that of the mean is 1/(1 + r²/4) for each.
    [Theory]
    [InlineData(30, CallKind.Drafted)]
    [InlineData(1, CallKind.Computed)]
    [InlineData(0.1, CallKind.Computed)]
    public void Detail_counts_only_where_the_noise_leaves_it_visible(double noiseToSignal, CallKind expected)
    {
        var gain = 1 / (1 + (noiseToSignal * noiseToSignal / 4));
        float[] flat = [.. Enumerable.Repeat(1f, 16)], checkerboard = [.. Enumerable.Range(0, 16).Select(n => ((n / 4) + n) % 2 == 0 ? 1.2f : 0.8f)];
        var outcome = Second("seacache(threshold=0.1)", [1, 16, 1], flat, checkerboard, noiseToSignal);
        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(0.2 * gain * gain, outcome.Error!.Value, 1e-5);
    }

    [Fact]
    public void All_rows_of_a_sample_are_one_unit()
    {
        float[] before = [.. Enumerable.Repeat(1f, 32)], after = [.. Enumerable.Repeat(1f, 16), .. Enumerable.Repeat(1.5f, 16)];
        Assert.Equal(0.25, Second("seacache", [2, 16, 1], before, after, 2).Error!.Value, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_signal_that_is_not_finite_computes_its_call_and_the_next(float value) =>
        Assert.Equal("FrFFrF", GateScript.Play("seacache(threshold=1000)", 6, i => new(Signal: i == 2 ? value : 1, NoiseToSignal: 1), _backend));

    [Fact]
    public void Tokens_that_are_no_picture_and_calls_without_a_noise_level_are_refused()
    {
        var wrongGrid = Assert.Throws<ArgumentException>(() =>
            PolicyCatalog.Parse("seacache").Open(CacheScript.Run(4) with { Map = CacheScript.Map(4, [2, 4], [2, 3], [2]) }));
        Assert.Equal(
            "Policy seacache: the filter needs a picture of tokens, and this network's are 2 tokens in a grid [2].",
            wrongGrid.Message);
        var noLevel = Assert.Throws<ArgumentException>(() => GateScript.Play("seacache", 4, _ => new(Signal: 1), _backend));
        Assert.Equal("Policy seacache: a call's noise over its signal is NaN; the filter needs it, at least 0.", noLevel.Message);
        Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("seacache(power=0)"));
    }

    // The second of three calls, on a picture of 4 by 4 tokens.
    private CallOutcome Second(string policy, Shape shape, float[] before, float[] after, double noiseToSignal)
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy)
            .Open(CacheScript.Run(3, rows: shape[0]) with { Map = CacheScript.Map(4, [16, 1], [16, 1], [4, 4]) });
        var blocks = Site.Span(0, 4);
        var outcome = default(CallOutcome);
        foreach (var (i, values) in new[] { (0, before), (1, after) })
        {
            cache.Begin(new NetworkCall(i, 3, 500, NoiseToSignal: noiseToSignal));
            var signal = Tensor.From(_backend, values, shape);
            var stream = Tensor.Zeros(_backend, shape);
            cache.Ask(new Question(blocks, stream, _ => signal)).Observe?.Invoke(stream, stream);

            outcome = cache.End();
        }

        return outcome;
    }
}
