using Augur.Algebra;
using Augur.Caching.Policies;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>
/// Plans which calls are computed, from uncached runs and without further calls: dynamic programming over the errors of "computed at h and i, drafted
/// up to k" (as DPCache, arXiv 2602.22654, but of fitted drafts, and of the latent instead of features), then moves of calls by the error of the
/// result in a simulated closed loop.
/// </summary>
/// <remarks>
/// In dynamic programming an error at a call counts as much at the end as the latents' own spread grows from there, in each direction of a token:
/// what is undecided yet is amplified, what is decided is corrected by the network.
/// </remarks>
internal sealed class ForecastPlanner
{
    private const double Ridge = 1e-9;
    private const int Own = 8; // directions with a group of their own
    private const int Kicks = 8; // new starts of the search
    private const int KickedBy = 3; // calls

    private readonly int _calls;
    private readonly int _rows;
    // [groups][vectors, vectors]; vectors: the noise, all rows of all calls, the latents of calls 1 to the end, the mean
    private readonly double[][,] _gram;
    private readonly double[][] _growth; // [groups][calls + 1]
    private readonly ForecastSimulation _simulation;

    private ForecastPlanner(int calls, int rows, double[][,] gram, double[][] slopes)
    {
        (_calls, _rows, _gram, _simulation) = (calls, rows, gram, new ForecastSimulation(calls, rows, gram, slopes));
        _growth = [.. gram.Select(g => Enumerable.Range(0, calls + 1).Select(j => Spread(g, calls) / Math.Max(1e-12, Spread(g, j))).ToArray())];
    }

    /// <summary>Learns from the first of the recorded pictures.</summary>
    /// <param name="tracks">The recorded pictures.</param>
    /// <param name="count">How many are used.</param>
    /// <param name="fit">Directions, calls, rows.</param>
    /// <param name="layout">Where elements of a latent stand.</param>
    /// <param name="prediction">What the network predicts.</param>
    public static ForecastPlanner Of(
        IReadOnlyList<ForecastTrack> tracks, int count, ForecastFit fit, TokenLayout layout, Prediction prediction)
    {
        var used = tracks.Take(count).Where(t => t.Answers.Count == fit.Calls).ToList();
        var directions = fit.Basis.Length;
        var gram = Enumerable.Range(0, GroupOf(directions - 1) + 1).Select(_ => new double[Vectors(fit), Vectors(fit)]).ToArray();
        int[][] members = [.. Enumerable.Range(0, gram.Length).Select(g => Enumerable.Range(0, directions).Where(k => GroupOf(k) == g).ToArray())];
        Parallel.ForEach(used, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, track =>
        {
            float[][] vectors =
            [
                .. track.Answers.SelectMany(rows => rows).Prepend(track.Uncached[0]).Concat(track.Uncached.Skip(1))
                    .Select(latent => TokenDirections.Project(layout.ToTokens(latent), fit.Basis)),
                fit.Mean,
            ];
            track.Answers.Clear();
            var weight = WeightOf(track);
            for (var g = 0; g < gram.Length; g++)
            {
                Add(gram[g], [.. vectors.Select(v => Part(v, members[g], directions))], weight);
            }
        });
        var elements = used.Sum(WeightOf) * layout.Places.Length / directions;
        return new ForecastPlanner(fit.Calls, fit.Rows, gram, [.. gram.Select((g, at) =>
        {
            var result = g.GetLength(0) - 2;
            var variance = g[result, result] / (elements * members[at].Length);
            return used[0].Noisiness.Select(r => ForecastSimulation.SlopeOf(variance, r, prediction)).ToArray();
        })]);
    }

    /// <summary>The computed calls, ascending.</summary>
    /// <param name="count">How many, at least 1 and below the calls of a run.</param>
    /// <param name="opens">Whether drafts may come before the first computed call; otherwise that is the first of the run.</param>
    public int[] Plan(int count, bool opens)
    {
        var random = new Random(count); // the same plan whenever it is asked for
        var best = Improved(Programmed(count, opens), opens);
        for (var kick = 0; kick < Kicks && count > 1; kick++)
        {
            var other = Improved(Kicked(best.Plan, random, opens), opens);
            best = other.Error < best.Error ? other : best;
        }

        return best.Plan;
    }

    // Sweeps over all calls until one brings nothing; what is better is taken at once.
    private (int[] Plan, double Error) Improved(int[] plan, bool opens)
    {
        var (error, isBetter) = (_simulation.ErrorOf(plan), true);
        while (isBetter)
        {
            isBetter = false;
            foreach (var move in PlanMoves.All(plan.Length).Where(move => opens || move.First > 0))
            {
                if (move.Of(plan, _calls) is { } moved && _simulation.ErrorOf(moved) is var other && other < error)
                {
                    (plan, error, isBetter) = (moved, other, true);
                }
            }
        }

        return (plan, error);
    }

    // All calls a little earlier or later, so that a search that has come to rest starts anew.
    private int[] Kicked(int[] plan, Random random, bool opens)
    {
        int[] kicked = [.. plan.Select(call => call + random.Next(-KickedBy, KickedBy + 1)).Order()];
        kicked[0] = opens ? kicked[0] : 0;
        for (var i = 0; i < kicked.Length; i++)
        {
            kicked[i] = Math.Clamp(kicked[i], i == 0 ? 0 : kicked[i - 1] + 1, _calls - (kicked.Length - i));
        }

        return kicked;
    }

    private int[] Programmed(int count, bool opens) => CheapestPath.Of(
        _calls,
        count,
        [.. Enumerable.Range(0, opens ? _calls : 1).Take((int)Math.Ceiling(2.5 * _calls / count)).Select(at => at == 0 ? 0 : GapError([], at))],
        Near);

    private double Near(int before, int at, int to) => GapError(before < 0 ? [at] : [before, at], to);

    // What fitted drafts behind the last of the computed calls leave of the latent at the next, from the uncached latent at that last call.
    private double GapError(ReadOnlySpan<int> computed, int next)
    {
        if (computed.Length > 0 && next == computed[^1] + 1)
        {
            return 0;
        }

        var features = new List<int> { 0, _gram[0].GetLength(0) - 1 };
        foreach (var call in computed)
        {
            for (var row = 0; row < _rows; row++)
            {
                features.Add(1 + (call * _rows) + row);
            }
        }

        if (computed.Length > 0 && computed[^1] > 0)
        {
            features.Add(Latent(computed[^1]));
        }

        var sum = 0.0;
        for (var g = 0; g < _gram.Length; g++)
        {
            sum += Left(_gram[g], features, Latent(next)) * _growth[g][next];
        }

        return sum;
    }

    private static double Left(double[,] gram, List<int> features, int target)
    {
        var (matrix, cross) = (new double[features.Count, features.Count], new double[features.Count]);
        for (var i = 0; i < features.Count; i++)
        {
            cross[i] = gram[features[i], target];
            for (var j = 0; j < features.Count; j++)
            {
                matrix[i, j] = gram[features[i], features[j]];
            }

            matrix[i, i] *= 1 + Ridge;
        }

        var left = gram[target, target] - LinearSystem.Solve(matrix, cross).Zip(cross, (w, c) => w * c).Sum();
        return double.IsFinite(left) ? Math.Max(0, left) : 0;
    }

    private int Latent(int call) => call == 0 ? 0 : (_calls * _rows) + call;

    private double Spread(double[,] gram, int call) => gram[Latent(call), Latent(call)];

    private static int Vectors(ForecastFit fit) => ForecastPlan.Known + (fit.Calls * (fit.Rows + 1));

    // Coarse directions by themselves, finer ones together in ever larger groups.
    private static int GroupOf(int direction) => direction < Own ? direction : Own + (int)(2 * Math.Log2((double)direction / Own));

    private static float[] Part(float[] vector, int[] members, int directions)
    {
        var part = new float[vector.Length / directions * members.Length];
        for (var i = 0; i < part.Length; i++)
        {
            part[i] = vector[(i / members.Length * directions) + members[i % members.Length]];
        }

        return part;
    }

    private static double WeightOf(ForecastTrack track) => 1 / Math.Max(1e-12, Roughness(track.Uncached));

    // How little the latents go straight on: pictures count relative to it, so that hard ones do not decide alone.
    private static double Roughness(List<float[]> latents)
    {
        var sum = 0.0;
        for (var call = 2; call < latents.Count; call++)
        {
            var (before, at, after) = (latents[call - 2], latents[call - 1], latents[call]);
            for (var e = 0; e < at.Length; e++)
            {
                var bend = (double)after[e] - (2 * at[e]) + before[e];
                sum += bend * bend;
            }
        }

        return sum;
    }

    private static void Add(double[,] gram, float[][] vectors, double weight)
    {
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                var (a, b) = (vectors[i], vectors[j]);
                for (var at = 0; at < a.Length; at++)
                {
                    sum += (double)a[at] * b[at];
                }

                lock (gram)
                {
                    gram[i, j] += weight * sum;
                    gram[j, i] = gram[i, j];
                }
            }
        }
    }
}
