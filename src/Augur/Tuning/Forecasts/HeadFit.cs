using Augur.Algebra;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// A linear map from a token's last stream to what the combination of outputs leaves, by ridge regression. Pictures are in parts: how strong the
/// ridge is, and whether the map is of use at all, is decided on the part that each trial did not see, and what a picture gets while a fit goes on
/// is from the map of the other parts, so that the calls behind it are fitted to latents as new pictures will have them.
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
}
