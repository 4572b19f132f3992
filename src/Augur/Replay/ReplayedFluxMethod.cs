using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;

namespace Augur.Replay;

/// <summary>The caching method of a saved FLUX run, with the settings of the run, and the comparison of its decisions.</summary>
/// <param name="Policy">The method.</param>
internal sealed record ReplayedFluxMethod(ICachePolicy Policy)
{
    /// <summary>Makes the method from the run's description; missing settings have the released code's values for FLUX.</summary>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static ReplayedFluxMethod Of(JsonElement run) => run.GetProperty("official_impl").GetString() switch
    {
        "none" => new(NoCachePolicy.Instance),
        "taylorseer" => new(new TaylorSeerPolicy(new()
        {
            Interval = (int)Setting(run, "override", "fresh_threshold", 6),
            Order = (int)Setting(run, "override", "max_order", 1),
            Warmup = 3,
        })),
        var other => throw new NotSupportedException($"the method '{other}' on FLUX is not built"),
    };

    /// <summary>Compares which calls were computed in full.</summary>
    public static void Compare(JsonElement run, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        if (run.TryGetProperty("per_step", out var steps))
        {
            compare.Exact(
                "decisions",
                [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
                [.. steps.EnumerateArray().Select(s => s.GetProperty("type").GetString() == "full" ? 1L : 0)]);
        }
    }

    private static double Setting(JsonElement run, string group, string name, double released) =>
        run.TryGetProperty(group, out var settings) && settings.TryGetProperty(name, out var value) ? value.GetDouble() : released;
}
