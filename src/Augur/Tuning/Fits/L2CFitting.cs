using Augur.Caching.Policies;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>
/// Learns a router for <see cref="L2CPolicy"/> without gradients: measures on uncached samples how much reusing each single branch would change the
/// latent, chooses the set with the smallest estimated error under a budget, measures that set, corrects the estimates by the result, and repeats.
/// </summary>
/// <remarks>
/// Learning-to-Cache (arXiv 2406.01733) optimises the same trade-off by gradient descent on gates; see docs/methods/l2c.md for the differences.
/// </remarks>
public sealed class L2CFitting
{
    private const int Choices = 3;
    private const double LargestCorrection = 4;

    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly double _share;
    private readonly long[] _flops;
    private readonly int _calls;
    private readonly int _depth;
    private readonly ReuseWalk[] _walks;

    /// <summary>Prepares the learning.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="requests">Requests to learn from, at least one; they may differ in class, seed and noise only.</param>
    /// <param name="share">Share of the branches' FLOPs of every second call to save by reuse, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request, or the share is out of range.</exception>
    public L2CFitting(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, double share)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0 || !(share is > 0 and < 1))
        {
            throw new ArgumentException(requests.Count == 0 ? "A router is learned from at least one sample."
                : $"The reused share is {share}; it lies above 0 and below 1.");
        }

        (_model, _requests, _share) = (model, requests, share);
        var check = new RequestCheck(model);
        foreach (var request in requests)
        {
            check.RequireForFit(request);
        }

        _walks = [.. requests.Select(request => new ReuseWalk(model, request))];
        using var probe = new RunStart(model).Begin([requests[0]], null);
        var map = ReuseTable.Require(probe.Map).RequireChain("Learning a router"); // it runs parts of the chain alone
        _depth = map.BlockCount;
        _flops = [.. Enumerable.Range(0, 2 * _depth).Select(q => map[ReuseTable.SiteOf(q)].TotalFlops)];
        _calls = probe.Trajectories[0].Run.CallCount;
        TotalCalls = (long)requests.Count * (_calls + (_calls / 2 * _flops.Length) + (Choices * (_calls + (_calls / 2))));
        if (_calls < 2)
        {
            throw new ArgumentException($"A run of {_calls} network call has no call before to reuse; take at least 2.");
        }
    }

    /// <summary>Largest number of network calls (of one sample) that the learning makes; many of them are partial.</summary>
    public long TotalCalls { get; }

    /// <summary>Runs the learning.</summary>
    /// <param name="onCalls">Called with the number of network calls done since the last call.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <returns>The best set that was measured; if cancelled, the best so far.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the first set was measured.</exception>
    public L2CFit Run(Action<int> onCalls, CancellationToken cancellationToken)
    {
        var products = MeasureSingles(onCalls, cancellationToken);
        var single = products.Select(g => _flops.Select((_, q) => g[q, q]).ToArray()).ToArray();
        (bool[][] Reused, double Error) best = ([], double.PositiveInfinity);
        for (var choice = 0; choice < Choices; choice++)
        {
            var reused = ReuseChoice.Choose(products, _flops, _share);
            double[] measured;
            try
            {
                measured = MeasureSets(reused, onCalls, cancellationToken);
            }
            catch (OperationCanceledException) when (best.Reused.Length > 0)
            {
                break;
            }

            best = measured.Sum() < best.Error ? (reused, measured.Sum()) : best;
            for (var pair = 0; pair < products.Length; pair++)
            {
                Scale(products[pair], measured[pair] / ReuseChoice.Predicted(products[pair], reused[pair]));
            }
        }

        return new L2CFit(_model, _requests, TableOf(best.Reused), Errors(single), best.Error)
        {
            ReusedShare = best.Reused.Sum(r =>
                r.Zip(_flops, (isReused, flops) => isReused ? flops : 0).Sum()) / (double)(best.Reused.Length * _flops.Sum()),
        };
    }

    // For every second call the matrix G: inner products of the latent errors from reusing single branches, averaged over samples and elements.
    private double[][,] MeasureSingles(Action<int> onCalls, CancellationToken cancellationToken)
    {
        var count = _flops.Length;
        bool[][] sets = [.. Enumerable.Range(0, count).Select(q => Enumerable.Range(0, count).Select(r => r == q).ToArray())];
        var products = Enumerable.Range(0, _calls / 2).Select(_ => new double[count, count]).ToArray();
        foreach (var walk in _walks)
        {
            walk.Run(_ => sets, (call, off) =>
            {
                var g = products[call / 2];
                for (var (q, r) = (0, 0); q < count; (q, r) = r < q ? (q, r + 1) : (q + 1, 0))
                {
                    g[q, r] = g[r, q] += Product(off[q], off[r]) / _walks.Length;
                }
            }, onCalls, cancellationToken);
        }

        return products;
    }

    private double[] MeasureSets(bool[][] reused, Action<int> onCalls, CancellationToken cancellationToken)
    {
        var errors = new double[reused.Length];
        foreach (var walk in _walks)
        {
            walk.Run(call => [reused[call / 2]], (call, off) => errors[call / 2] += Product(off[0], off[0]) / _walks.Length, onCalls,
                cancellationToken);
        }

        return errors;
    }

    private static double Product(float[] a, float[] b)
    {
        var sum = 0d;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum / a.Length;
    }

    // If the prediction is 0, there is no factor to learn.
    private static void Scale(double[,] products, double factor)
    {
        var correction = double.IsFinite(factor) && factor > 0 ? Math.Clamp(factor, 1 / LargestCorrection, LargestCorrection) : 1;
        for (var q = 0; q < products.GetLength(0); q++)
        {
            for (var r = 0; r < products.GetLength(1); r++)
            {
                products[q, r] *= correction;
            }
        }
    }

    private ReuseTable TableOf(bool[][] reused)
    {
        var table = new ReuseTable(_calls, _depth);
        for (var pair = 0; pair < reused.Length; pair++)
        {
            for (var q = 0; q < _flops.Length; q++)
            {
                table[(2 * pair) + 1, q] = reused[pair][q];
            }
        }

        return table;
    }

    private double[,] Errors(double[][] single)
    {
        var errors = new double[_calls, _flops.Length];
        for (var pair = 0; pair < single.Length; pair++)
        {
            for (var q = 0; q < _flops.Length; q++)
            {
                errors[(2 * pair) + 1, q] = single[pair][q];
            }
        }

        return errors;
    }
}
