using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// The calibration pictures under a fit as it grows, from computed call to computed call. What lies between is linear in what was computed, so that
/// no draft is made, and plans that begin alike share what they have in common.
/// </summary>
/// <param name="model">The model that generates the pictures.</param>
/// <param name="pictures">The recorded pictures.</param>
/// <param name="fit">Directions, calls, rows.</param>
/// <param name="rule">What drafts follow without the fit.</param>
/// <param name="path">How latents follow from the outputs.</param>
/// <param name="layout">Where elements of a latent stand.</param>
/// <param name="options">Ridges and what pictures count.</param>
internal sealed class ForecastLoop(
    DiffusionModel model, IReadOnlyList<ForecastTrack> pictures, ForecastFit fit, IForecaster rule, SamplerPath path, TokenLayout layout,
    ForecastFitOptions options)
{
    /// <summary>Nothing is computed yet: the noise and the mean picture, in the fit's directions.</summary>
    public ForecastState Start { get; } = new(
        [], [], [.. pictures.Select(picture => new ForecastPicture(
            [TokenDirections.Project(layout.ToTokens(picture.Uncached[0]), fit.Basis), fit.Mean], [], [], []))]);

    /// <summary>The network answers at the pictures' latents.</summary>
    /// <param name="state">The pictures before this call.</param>
    /// <param name="latents">What the network sees, one a picture.</param>
    /// <param name="call">Which call.</param>
    /// <param name="cancellationToken">Checked once per network call.</param>
    public ForecastState Compute(ForecastState state, IReadOnlyList<float[]> latents, int call, CancellationToken cancellationToken)
    {
        var computed = new ForecastPicture[pictures.Count];
        foreach (var batch in Enumerable.Range(0, pictures.Count).Chunk(ForecastTrack.Together(fit.Rows)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Begin();
            var answer = NetworkPass.Run(
                model, [.. batch.Select(i => pictures[i].Ask())], [.. batch.Select(i => pictures[i].InputAt(call, latents[i]))]);
            for (var b = 0; b < batch.Length; b++)
            {
                var (i, rows) = (batch[b], answer.Rows(b * fit.Rows, fit.Rows));
                pictures[i].Memory.End();
                var features = pictures[i].RowsOf(rows).Select(row => TokenDirections.Project(layout.ToTokens(row), fit.Basis));
                computed[i] = state.Pictures[i] with
                {
                    Features = [.. state.Pictures[i].Features, .. features],
                    Outputs = [.. state.Pictures[i].Outputs, pictures[i].PredictionAt(call, rows)],
                    Stream = pictures[i].Memory.Stream,
                };
            }
        }

        return state with { Computed = [.. state.Computed, call], Pictures = computed };
    }

    /// <summary>Fits the drafts behind the last computed call, and follows them.</summary>
    /// <param name="state">The pictures behind a computed call, or at the start.</param>
    /// <param name="next">The next computed call, or the number of calls.</param>
    /// <returns>The pictures with what was fitted in this gap, and their latents at that call.</returns>
    public (ForecastState State, float[][] Latents) Follow(ForecastState state, int next)
    {
        var (computed, weights) = (state.Computed, path.Outputs[next]);
        var last = computed.Length == 0 ? -1 : computed[^1];
        var shares = computed.Length == 0 ? [] : RuleWeights.Of(rule, computed, next, model.Denoiser.Backend); // [computed][drafts]
        var effect = Enumerable.Range(last + 1, next - last - 1).Sum(call => weights[call]);

        // What each computed output and each earlier correction lead to at that call.
        var ofOutputs = Array.ConvertAll(computed, call => weights[call]);
        var ofCorrections = new double[computed.Length];
        for (var gap = 0; gap < computed.Length; gap++)
        {
            var before = gap == 0 ? -1 : computed[gap - 1];
            Add(state.Gaps[gap].Shares, before, ofOutputs, weights);
            ofCorrections[gap] = Enumerable.Range(before + 1, computed[gap] - before - 1).Sum(call => weights[call]);
        }

        Add(shares, last, ofOutputs, weights);
        var latents = Parallel(i => Reached(i, state.Pictures[i], next, ofOutputs, ofCorrections));
        var (fitted, corrections) = next == last + 1 ? (new ForecastGap([], [], shares), null) : Fit(state, latents, next, effect, shares);
        for (var i = 0; i < latents.Length && corrections is not null; i++)
        {
            AddTo(latents[i], corrections[i], (float)effect);
        }

        ForecastPicture[] followed =
            [.. state.Pictures.Select((picture, i) => picture with { Corrections = [.. picture.Corrections, corrections?[i] ?? []], Stream = [] })];
        return (state with { Gaps = [.. state.Gaps, fitted], Pictures = followed }, latents);
    }

    private static void Add(double[][] shares, int call, double[] sums, double[] weights)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            for (var draft = 0; draft < shares[i].Length; draft++)
            {
                sums[i] += shares[i][draft] * weights[call + 1 + draft];
            }
        }
    }

    private T[] Parallel<T>(Func<int, T> of) => [.. Enumerable.Range(0, pictures.Count).AsParallel().AsOrdered().Select(of)];

    // Where the rule alone leads to behind the last computed call.
    private float[] Reached(int index, ForecastPicture picture, int next, double[] ofOutputs, double[] ofCorrections)
    {
        var noise = pictures[index].Uncached[0];
        var reached = new double[noise.Length];
        AddTo(reached, noise, path.Noise[next]);
        for (var i = 0; i < ofOutputs.Length; i++)
        {
            AddTo(reached, picture.Outputs[i], ofOutputs[i]);
        }

        for (var i = 0; i < ofCorrections.Length; i++)
        {
            AddTo(reached, picture.Corrections[i], ofCorrections[i]);
        }

        return Array.ConvertAll(reached, v => (float)v);
    }

    private static void AddTo(float[] sum, float[] x, float factor)
    {
        for (var e = 0; e < x.Length; e++)
        {
            sum[e] += factor * x[e];
        }
    }

    private static void AddTo(double[] sum, float[] x, double factor)
    {
        for (var e = 0; e < x.Length; e++)
        {
            sum[e] += factor * x[e];
        }
    }

    // What is missing, over the effect of a unit in all drafts of the gap, is what the combination and the head are to give. Pictures count by what
    // they miss, so that the mean of their decibels is improved and not only the hardest picture.
    private (ForecastGap Gap, float[][] Corrections) Fit(ForecastState state, float[][] reached, int next, double effect, double[][] shares)
    {
        var targets = Parallel(i =>
        {
            float[] missing = [.. pictures[i].Uncached[next].Zip(reached[i], (aim, at) => (float)((aim - at) / effect))];
            var power = missing.Average(m => (double)m * m);
            var directed = TokenDirections.Project(layout.ToTokens(missing), fit.Basis);
            return (Missing: directed, Weight: power > 0 ? Math.Pow(power, -options.Evenness) : 0);
        });
        var system = new ForecastSystem(state.Pictures[0].Features.Length, fit.Basis.Length);
        system.Add([.. state.Pictures.Zip(targets, (picture, target) => (picture.Features, target.Missing, target.Weight))]);
        var weights = system.Solve(options.Ridge, options.Pull);
        var combined = Parallel(i => Combination(state.Pictures[i].Features, weights));
        var head = state.Pictures[0].Stream.Length == 0 ? null : HeadFit.Of(
            [.. state.Pictures.Select(p => p.Stream)], Parallel(i => Difference(targets[i].Missing, combined[i])), [.. targets.Select(t => t.Weight)],
            fit.Basis.Length, model.Denoiser.Backend);
        var corrections = Parallel(i =>
        {
            AddTo(combined[i], head?.Gives[i] ?? [], 1);
            return ToLatent(combined[i]);
        });
        return (new ForecastGap(weights, head?.Head ?? [], shares), corrections);
    }

    private static float[] Difference(float[] a, float[] b)
    {
        var difference = (float[])a.Clone();
        AddTo(difference, b, -1);
        return difference;
    }

    // Σ weight · feature, [tokens · K].
    private float[] Combination(float[][] features, float[][] weights)
    {
        var (count, sum) = (fit.Basis.Length, new float[features[0].Length]);
        for (var f = 0; f < features.Length; f++)
        {
            for (var at = 0; at < sum.Length; at++)
            {
                sum[at] += weights[f][at % count] * features[f][at];
            }
        }

        return sum;
    }

    // From the fit's directions to the elements of a latent.
    private float[] ToLatent(float[] directed)
    {
        var (count, latent) = (fit.Basis.Length, new float[directed.Length]);
        for (var e = 0; e < latent.Length; e++)
        {
            var (token, column, value) = (layout.Places[e] / count * count, layout.Places[e] % count, 0.0);
            for (var k = 0; k < count; k++)
            {
                value += (double)fit.Basis[k][column] * directed[token + k];
            }

            latent[e] = (float)value;
        }

        return latent;
    }
}

/// <summary>The pictures as far as a computed call; states of plans that begin alike share their parts.</summary>
/// <param name="Computed">The computed calls so far.</param>
/// <param name="Gaps">What was fitted before each of them; one more once the drafts behind the last are fitted.</param>
/// <param name="Pictures">What is known of each picture.</param>
internal sealed record ForecastState(int[] Computed, ForecastGap[] Gaps, ForecastPicture[] Pictures);

/// <summary>The drafts between two computed calls, or before the first.</summary>
/// <param name="Weights">[features][K]; none where there is no draft.</param>
/// <param name="Head">[K][rows · width]; none where it is of no use.</param>
/// <param name="Shares">What the rule makes of the computed outputs, [computed][drafts].</param>
internal sealed record ForecastGap(float[][] Weights, float[][] Head, double[][] Shares);

/// <summary>One picture of a <see cref="ForecastState"/>.</summary>
/// <param name="Features">The noise, the mean picture, then every row of every computed output, [tokens · K] in the fit's directions.</param>
/// <param name="Outputs">Guided outputs of the computed calls, as elements of a latent.</param>
/// <param name="Corrections">What was added to the drafts of each gap, as elements of a latent; empty where there were none.</param>
/// <param name="Stream">The last stream of the last computed call, [tokens · rows · width]; empty where none is read.</param>
internal sealed record ForecastPicture(float[][] Features, float[][] Outputs, float[][] Corrections, float[] Stream);
