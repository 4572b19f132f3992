using System.Numerics;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// A linear map from a token's last stream to what the combination of outputs leaves, by ridge regression. Pictures are in parts: how strong the ridge is,
/// and whether the map is of use at all, is decided on the part that each trial did not see, and what a picture gets while a fit goes on is from the
/// map of the other parts, so that the calls behind it are fitted to latents as new pictures will have them.
/// </summary>
internal static class HeadFit
{
    /// <summary>Fewer pictures say nothing.</summary>
    public const int LeastPictures = 16;

    /// <summary>Rows · width above which solving takes longer than drawing.</summary>
    public const int MostInputs = 1024;

    private const int Parts = 4;
    private const double Worthwhile = 0.985; // of the squared error that is left
    private static readonly double[] s_ridges = [1e-3, 1e-2, 3e-2, 1e-1]; // of the diagonal

    /// <summary>Fits.</summary>
    /// <param name="streams">Of each picture, [tokens · inputs].</param>
    /// <param name="targets">Of each picture, [tokens · K].</param>
    /// <param name="weights">How much each picture counts.</param>
    /// <param name="count">K.</param>
    /// <param name="backend">Where products are worked out.</param>
    /// <returns>The map [K][inputs] and what it gives each picture, [tokens · K]; null: it is of no use.</returns>
    public static (float[][] Head, float[][] Gives)? Of(
        IReadOnlyList<float[]> streams, IReadOnlyList<float[]> targets, IReadOnlyList<double> weights, int count, IBackend backend)
    {
        var inputs = streams[0].Length / (targets[0].Length / count);
        var parts = Enumerable.Range(0, Parts).Select(part => Enumerable.Range(0, streams.Count).Where(i => i % Parts == part).ToArray()).ToArray();
        var systems = Array.ConvertAll(parts, part => Products(
            [.. part.Select(i => Scaled(streams[i], weights[i]))], [.. part.Select(i => Scaled(targets[i], weights[i]))], inputs, count, backend));
        var all = new RidgeSystem(inputs, count);
        Array.ForEach(systems, system => all.Add(system, 1));
        var without = Array.ConvertAll(systems, system =>
        {
            var rest = new RidgeSystem(inputs, count);
            rest.Add(all, 1);
            rest.Add(system, -1);
            return rest;
        });
        var power = targets.Zip(weights, (target, weight) => weight * target.Sum(v => (double)v * v)).Sum();
        var best = s_ridges.AsParallel().AsOrdered()
            .Select(ridge => (Ridge: ridge, Heads: Array.ConvertAll(without, system => system.Solve(ridge))))
            .Select(trial => (trial.Ridge, trial.Heads, Left: power + trial.Heads.Zip(systems, (head, system) => system.Change(head)).Sum()))
            .MinBy(trial => trial.Left);
        if (!(best.Left < Worthwhile * power))
        {
            return null;
        }

        var gives = new float[streams.Count][];
        for (var part = 0; part < Parts; part++)
        {
            foreach (var i in parts[part])
            {
                gives[i] = Apply(best.Heads[part], streams[i], inputs, count, backend);
            }
        }

        return ([.. all.Solve(best.Ridge).Select(row => Array.ConvertAll(row, v => (float)v))], gives);
    }

    private static float[] Scaled(float[] values, double weight)
    {
        var scale = (float)Math.Sqrt(weight);
        return Array.ConvertAll(values, v => scale * v);
    }

    private static float[] Apply(double[][] head, float[] stream, int inputs, int count, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        float[] flat = [.. head.SelectMany(row => row).Select(v => (float)v)];
        using var packed = backend.Pack(Tensor.From(backend, flat, [count, inputs]), null);
        return Tensor.From(backend, stream, [stream.Length / inputs, inputs]).Linear(packed).ToArray();
    }

    // Inner products over all tokens; in single precision, which the ridge makes harmless.
    private static RidgeSystem Products(float[][] streams, float[][] targets, int inputs, int count, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        var (x, y) = (Turned(streams, inputs, backend), Turned(targets, count, backend));
        using var byInputs = backend.Pack(x, null);
        return new RidgeSystem(inputs, count, x.Linear(byInputs).ToArray(), y.Linear(byInputs).ToArray());
    }

    // [columns, all tokens]
    private static Tensor Turned(float[][] pictures, int columns, IBackend backend)
    {
        var (tokens, all) = (pictures[0].Length / columns, pictures.Length * pictures[0].Length / columns);
        var turned = new float[columns * all];
        Parallel.For(0, pictures.Length, p =>
        {
            for (var token = 0; token < tokens; token++)
            {
                for (var c = 0; c < columns; c++)
                {
                    turned[(c * all) + (p * tokens) + token] = pictures[p][(token * columns) + c];
                }
            }
        });
        return Tensor.From(backend, turned, [columns, all]);
    }

    // xᵀx and xᵀy.
    private sealed class RidgeSystem(int inputs, int count)
    {
        private readonly double[] _gram = new double[inputs * inputs];
        private readonly double[] _cross = new double[count * inputs];

        public RidgeSystem(int inputs, int count, float[] gram, float[] cross)
            : this(inputs, count)
        {
            (_gram, _cross) = (Array.ConvertAll(gram, v => (double)v), Array.ConvertAll(cross, v => (double)v));
        }

        public void Add(RidgeSystem other, double sign)
        {
            for (var i = 0; i < _gram.Length; i++)
            {
                _gram[i] += sign * other._gram[i];
            }

            for (var i = 0; i < _cross.Length; i++)
            {
                _cross[i] += sign * other._cross[i];
            }
        }

        // How the squared error changes when the map is taken: hᵀ·G·h − 2·h·c.
        public double Change(double[][] head)
        {
            var sum = 0.0;
            for (var k = 0; k < count; k++)
            {
                for (var i = 0; i < inputs; i++)
                {
                    var product = 0.0;
                    for (var j = 0; j < inputs; j++)
                    {
                        product += _gram[(i * inputs) + j] * head[k][j];
                    }

                    sum += head[k][i] * (product - (2 * _cross[(k * inputs) + i]));
                }
            }

            return sum;
        }

        // By Cholesky's decomposition.
        public double[][] Solve(double ridge)
        {
            var lower = (double[])_gram.Clone();
            var mean = Enumerable.Range(0, inputs).Average(i => _gram[(i * inputs) + i]);
            for (var i = 0; i < inputs; i++)
            {
                lower[(i * inputs) + i] = ((1 + ridge) * lower[(i * inputs) + i]) + (1e-8 * mean) + double.Epsilon;
            }

            for (var j = 0; j < inputs; j++)
            {
                var row = lower.AsSpan(j * inputs, j + 1);
                row[j] = Math.Sqrt(Math.Max(double.Epsilon, row[j] - Dot(row[..j], row[..j])));
                for (var i = j + 1; i < inputs; i++)
                {
                    ref var element = ref lower[(i * inputs) + j];
                    element = (element - Dot(lower.AsSpan(i * inputs, j), row[..j])) / row[j];
                }
            }

            return [.. Enumerable.Range(0, count).Select(k =>
            {
                var x = _cross[(k * inputs)..((k + 1) * inputs)];
                for (var i = 0; i < inputs; i++)
                {
                    x[i] = (x[i] - Dot(lower.AsSpan(i * inputs, i), x.AsSpan(0, i))) / lower[(i * inputs) + i];
                }

                for (var i = inputs - 1; i >= 0; i--)
                {
                    x[i] /= lower[(i * inputs) + i];
                    for (var j = 0; j < i; j++)
                    {
                        x[j] -= lower[(i * inputs) + j] * x[i];
                    }
                }

                return x;
            })];
        }

        private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            var (sum, i) = (Vector<double>.Zero, 0);
            for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                sum += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
            }

            var rest = Vector.Sum(sum);
            for (; i < a.Length; i++)
            {
                rest += a[i] * b[i];
            }

            return rest;
        }
    }
}
