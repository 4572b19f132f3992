namespace Augur.Tuning;

/// <summary>
/// Chooses the branches to reuse under a budget. The error of a call with the set u of reused branches is estimated as uᵀ G u, where G has the inner
/// products of the errors of single branches: errors are assumed to add up.
/// </summary>
internal static class ReuseChoice
{
    /// <summary>Greedy choice: adds the branch with the least error per saved FLOP until the share is reached.</summary>
    /// <param name="products">For each call, G [branches, branches]; symmetric.</param>
    /// <param name="flops">FLOPs that reusing each branch saves.</param>
    /// <param name="share">Share of the FLOPs of all branches of these calls to save, 0 to 1.</param>
    /// <returns>For each call and branch, whether it is reused.</returns>
    public static bool[][] Choose(IReadOnlyList<double[,]> products, IReadOnlyList<long> flops, double share)
    {
        var chosen = products.Select(_ => new bool[flops.Count]).ToArray();
        var marginal = products.Select(g => flops.Select((_, q) => g[q, q]).ToArray()).ToArray();
        var wanted = share * products.Count * flops.Sum();
        for (var saved = 0L; saved < wanted;)
        {
            var (call, branch) = Cheapest(chosen, marginal, flops);
            chosen[call][branch] = true;
            saved += flops[branch];
            for (var q = 0; q < flops.Count; q++)
            {
                marginal[call][q] += 2 * products[call][branch, q];
            }
        }

        return chosen;
    }

    /// <summary>The estimated error uᵀ G u of a set of reused branches.</summary>
    public static double Predicted(double[,] products, bool[] reused)
    {
        var sum = 0d;
        for (var q = 0; q < reused.Length; q++)
        {
            for (var r = 0; reused[q] && r < reused.Length; r++)
            {
                sum += reused[r] ? products[q, r] : 0;
            }
        }

        return sum;
    }

    private static (int Call, int Branch) Cheapest(bool[][] chosen, double[][] marginal, IReadOnlyList<long> flops)
    {
        var (best, least) = ((0, 0), double.PositiveInfinity);
        for (var call = 0; call < chosen.Length; call++)
        {
            for (var q = 0; q < flops.Count; q++)
            {
                var price = chosen[call][q] ? double.PositiveInfinity : marginal[call][q] / flops[q];
                (best, least) = price < least ? ((call, q), price) : (best, least);
            }
        }

        return double.IsPositiveInfinity(least)
            ? throw new InvalidOperationException("The errors of reuse are not finite; the samples cannot be learned from.") : best;
    }
}
