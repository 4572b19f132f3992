using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>What of a method's memory a budget leaves room for: single precision is given up first, then orders, then the method.</summary>
/// <param name="State">Precision of the forecast features.</param>
/// <param name="TermCounts">Tensors kept of each of them.</param>
/// <param name="Note">What the budget cost; null: nothing.</param>
/// <param name="IsEnough">Whether the method can be had at all; otherwise every call is computed and nothing kept.</param>
internal sealed record MemoryFit(DType State, IReadOnlyList<int> TermCounts, string? Note, bool IsEnough)
{
    /// <summary>Fits a method into the run's budget.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="run">Sizes, and the budget.</param>
    /// <param name="state">Precision wanted.</param>
    /// <param name="features">What it forecasts, with the elements of one kept tensor.</param>
    /// <param name="otherElements">Float32 elements that it keeps besides, whatever the budget.</param>
    /// <exception cref="ArgumentException">A rule is known not to follow such a run.</exception>
    public static MemoryFit Of(string method, RunInfo run, DType state, (IForecaster Forecaster, long Elements)[] features, long otherElements)
    {
        Array.ForEach(features, f => f.Forecaster.RequireRun(run));
        int[] wanted = [.. features.Select(f => f.Forecaster.TermCount)];
        int[] terms = [.. wanted];
        var type = state;
        while (run.MemoryBudget is { } budget && Bytes() > budget)
        {
            var longest = Array.IndexOf(terms, terms.DefaultIfEmpty(0).Max());
            if (features.Length > 0 && type != DType.BFloat16)
            {
                type = DType.BFloat16;
            }
            else if (longest >= 0 && terms[longest] > 1)
            {
                terms[longest]--;
            }
            else
            {
                return new MemoryFit(
                    type,
                    terms,
                    $"a budget of {budget} bytes left room for nothing: {method} keeps {Bytes()} at least, so every call was computed",
                    false);
            }
        }

        var note = type == state && terms.SequenceEqual(wanted) ? null
            : $"a budget of {run.MemoryBudget} bytes left room for {type.ToString().ToLowerInvariant()}, {terms.Sum()} of {wanted.Sum()} tensors";
        return new MemoryFit(type, terms, note, true);

        long Bytes() => features.Zip(terms, (f, count) => f.Elements * count * type.Size()).Sum() + (otherElements * DType.Float32.Size());
    }

    /// <summary>A memory of one feature, as it fits.</summary>
    /// <param name="index">Position among the features given.</param>
    /// <param name="forecaster">Its rule.</param>
    public IFeatureMemory Remember(int index, IForecaster forecaster) => forecaster.Remember(TermCounts[index], State);

    /// <summary>Elements of the residual stream of all rows of a run.</summary>
    public static long StreamElements(RunInfo run) => run.RowCount * run.Map.Stream.ElementCount;

    /// <summary>Elements of the network's output of all rows of a run.</summary>
    public static long OutputElements(RunInfo run) => run.RowCount * run.Map.Output.ElementCount;
}
