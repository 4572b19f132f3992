using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class ForecastMixingTests : IDisposable
{
    private const int Tokens = 6;
    private const int Directions = 3;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Random _random = new(5);

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void What_one_direction_says_of_another_is_learned()
    {
        // Direction 0 misses half of what the second feature has in direction 1.
        var pictures = Pictures(40, (features, token, k) => k == 0 ? 0.5f * features[1][(token * Directions) + 1] : 0);
        var mixing = new ForecastMixing(pictures, Nothing(2), _backend);
        var mix = mixing.Mix(mixing.ChooseRidge()!.Value);
        Assert.Equal((Directions, 2 * Directions), (mix.Length, mix[0].Length));
        Assert.Equal(0.5, mix[0][Directions + 1], 0.03);
        Assert.All(mix.SelectMany((row, to) => row.Where((_, from) => (to, from) != (0, Directions + 1))), weight => Assert.Equal(0, weight, 0.03));
    }

    [Fact]
    public void Where_directions_say_nothing_of_each_other_they_are_left_by_themselves() =>
        Assert.Null(new ForecastMixing(Pictures(40, (_, _, _) => Draw()), Nothing(2), _backend).ChooseRidge());

    [Fact]
    public void What_all_pictures_share_at_a_place_is_learned_and_chance_is_not()
    {
        var shared = new ForecastMixing(Pictures(40, (_, token, k) => (token == 2 && k == 1 ? 1 : 0) + (0.01f * Draw())), Nothing(2), _backend).Bias;
        Assert.Equal(1, shared[2][1], 0.02);
        Assert.All(shared.SelectMany((row, t) => row.Where((_, k) => (t, k) != (2, 1))), value => Assert.Equal(0, value, 0.02));
        var chance = new ForecastMixing(Pictures(4, (_, _, _) => Draw()), Nothing(2), _backend).Bias;
        Assert.True(chance.SelectMany(row => row).Append(0).Average(Math.Abs) < 0.25);
    }

    [Fact]
    public void Whitened_features_are_uncorrelated_and_one_that_repeats_another_is_dropped()
    {
        double[,] gram = { { 4, 0, 0 }, { 2, 3, 0 }, { 4, 2, 4 } }; // the third is the first again
        var whiten = SpdMatrix.Whitening(gram);
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var product = 0.0;
                for (var a = 0; a <= i; a++)
                {
                    for (var b = 0; b <= j; b++)
                    {
                        product += whiten[i, a] * gram[Math.Max(a, b), Math.Min(a, b)] * whiten[j, b];
                    }
                }

                Assert.Equal(i == j ? 1 : 0, product, 1e-12);
            }
        }

        Assert.All(Enumerable.Range(0, 3), j => Assert.Equal(0, whiten[2, j]));
    }

    [Fact]
    public void A_system_is_solved_for_all_right_hand_sides()
    {
        const int N = 11;
        var matrix = new double[N * N];
        for (var sample = 0; sample < 30; sample++)
        {
            double[] v = [.. Enumerable.Range(0, N).Select(_ => (double)Draw())];
            for (var i = 0; i < N * N; i++)
            {
                matrix[i] += v[i / N] * v[i % N];
            }
        }

        double[] right = [.. Enumerable.Range(0, 2 * N).Select(_ => (double)Draw())];
        var x = SpdMatrix.Solve(matrix, right, N, 2, 0.01);
        var added = 0.01 * Enumerable.Range(0, N).Average(i => matrix[(i * N) + i]);
        for (var i = 0; i < N; i++)
        {
            for (var column = 0; column < 2; column++)
            {
                var left = (added * x[(i * 2) + column]) + Enumerable.Range(0, N).Sum(j => matrix[(i * N) + j] * x[(j * 2) + column]);
                Assert.Equal(right[(i * 2) + column], left, 1e-9);
            }
        }
    }

    [Theory]
    [InlineData(Prediction.Epsilon)]
    [InlineData(Prediction.Velocity)]
    [InlineData(Prediction.Flow)]
    [InlineData(Prediction.Image)]
    public void An_answer_moves_with_the_latent_as_the_best_linear_one_does(Prediction prediction)
    {
        const double Variance = 0.7, R = 1.3;
        var signal = prediction == Prediction.Flow ? 1 / (1 + R) : 1 / Math.Sqrt(1 + (R * R));
        double xx = 0, xy = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var (image, noise) = (Math.Sqrt(Variance) * Draw(), (double)Draw());
            var x = signal * (image + (R * noise));
            var answer = prediction switch
            {
                Prediction.Image => image,
                Prediction.Flow => noise - image,
                Prediction.Velocity => (signal * noise) - (signal * R * image),
                _ => noise,
            };
            (xx, xy) = (xx + (x * x), xy + (x * answer));
        }

        Assert.Equal(xy / xx, ForecastSimulation.SlopeOf(Variance, R, prediction), 0.02);
    }

    private float Draw() => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    private static float[][] Nothing(int features) => [.. Enumerable.Range(0, features).Select(_ => new float[Directions])];

    private List<FittedPicture> Pictures(int count, Func<float[][], int, int, float> missing) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        float[][] features = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Tokens * Directions).Select(_ => Draw()).ToArray())];
        float[] target = [.. Enumerable.Range(0, Tokens * Directions).Select(at => missing(features, at / Directions, at % Directions))];
        return new FittedPicture(features, target, 1, Directions);
    })];
}
