using System.Globalization;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>The ways to write among which a search looks: a cache, its intervals, and how sure a token has to be to stay.</summary>
/// <param name="sampler">The model's own, to whose settings a threshold is added where it is LLaDA's.</param>
/// <param name="heldOutSets">Sets of texts on which what was found may be tested.</param>
public sealed class TextSpace(ISampler sampler, int heldOutSets)
{
    private static readonly double[] s_thresholds = [0.95, 0.9, 0.8, 0.7, 0.5];
    private static readonly int[] s_intervals = [1, 2, 3, 4, 5, 7, 10, 14, 20];
    private static readonly double[] s_ratios = [0, 0.1, 0.25, 0.5, 0.75];

    private static readonly string[] s_caches = ["none", "block-cache", "block-cache(kind=prefix)", "dllm-cache"];

    /// <summary>Sets of texts on which what was found may be tested, at least 1.</summary>
    public int HeldOutSets => heldOutSets;

    /// <summary>Where a search begins: every cache with every threshold, none of either first.</summary>
    internal IEnumerable<TextPoint> Starts =>
        from threshold in Thresholds
        from cache in s_caches
        where threshold is not null || cache != "none"
        select new TextPoint(threshold, cache, cache == "dllm-cache" ? 3 : 0, 3, 2);

    /// <summary>Ways that differ in one setting by one step.</summary>
    internal IEnumerable<TextPoint> Around(TextPoint point)
    {
        var thresholds = Thresholds.ToList();
        var at = thresholds.IndexOf(point.Threshold);
        foreach (var other in new[] { at - 1, at + 1 }.Where(i => i >= 0 && i < thresholds.Count))
        {
            yield return point with { Threshold = thresholds[other] };
        }

        if (point.Cache != "dllm-cache")
        {
            yield break;
        }

        foreach (var step in new[] { -1, 1 })
        {
            yield return point with { Response = Math.Clamp(point.Response + step, 0, s_intervals.Length - 1) };
            yield return point with { Ratio = Math.Clamp(point.Ratio + step, 0, s_ratios.Length - 1) };
            yield return point with { Prompt = Math.Clamp(point.Prompt + step, 0, 5) };
        }
    }

    /// <summary>As <see cref="TextContender"/> reads it.</summary>
    internal string Text(TextPoint point)
    {
        var cache = point.Cache != "dllm-cache" ? point.Cache : string.Create(
            CultureInfo.InvariantCulture,
            $"dllm-cache(prompt={4 << point.Prompt},response={s_intervals[point.Response]},ratio={s_ratios[point.Ratio]})");
        return point.Threshold is not { } threshold || sampler is not LladaSampler llada ? cache
            : new LladaSampler(llada.Options with { Threshold = threshold }).Name + (cache == "none" ? "" : $" + {cache}");
    }

    // Dream's sampler has none: there the cache is all that is searched.
    private IEnumerable<double?> Thresholds =>
        sampler is LladaSampler { Options.Threshold: null } ? [null, .. s_thresholds.Select(t => (double?)t)] : [null];
}

/// <summary>A way to write, by the positions of its settings.</summary>
/// <param name="Threshold">How sure a token has to be; null: as many stay as the steps say.</param>
/// <param name="Cache">The method; of dllm-cache without its settings.</param>
/// <param name="Response">Position of the response's interval.</param>
/// <param name="Prompt">Position of the prompt's: 4 calls, doubled so often.</param>
/// <param name="Ratio">Position of the share of tokens.</param>
internal sealed record TextPoint(double? Threshold, string Cache, int Response, int Prompt, int Ratio);
