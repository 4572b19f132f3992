using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;

namespace Augur.Replay;

/// <summary>The caching method of a saved FLUX run, with the settings of the run, and the comparison of its decisions.</summary>
/// <param name="Policy">The method.</param>
/// <param name="CompareRecord">Compares what else the run holds; null: nothing.</param>
internal sealed record ReplayedFluxMethod(ICachePolicy Policy, Action<Comparison>? CompareRecord = null)
{
    private const double VerificationTolerance = 0.02; // relative: an element next to zero carries much of such an error

    /// <summary>Makes the method from the run's description; missing settings have the released code's values for FLUX.</summary>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static ReplayedFluxMethod Of(JsonElement run, FixtureFile saved) => run.GetProperty("official_impl").GetString() switch
    {
        "none" => new(NoCachePolicy.Instance),
        "taylorseer" => new(new TaylorSeerPolicy(new()
        {
            Interval = (int)Setting(run, "override", "fresh_threshold", 6),
            Order = (int)Setting(run, "override", "max_order", 1),
            Warmup = 3,
        })),
        "speca" => new(new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Flux) with
        {
            Base = Setting(run, "kwargs", "base_threshold", 7),
            Decay = Setting(run, "kwargs", "decay_rate", 0.3),
            Min = (int)Setting(run, "kwargs", "min_taylor_steps", 2),
            Max = (int)Setting(run, "kwargs", "max_taylor_steps", 8),
        })),
        "clusca_flux" => OfClusCa(new FluxClusCaReplay(run, saved)),
        "toca" => OfToCa(new FluxToCaReplay(run, saved)),
        var other => throw new NotSupportedException($"the method '{other}' on FLUX is not built"),
    };

    /// <summary>Compares what each call was, full or not, what verifications measured, and what else the run holds.</summary>
    public void Compare(JsonElement run, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        CompareRecord?.Invoke(compare);
        if (!run.TryGetProperty("per_step", out var described))
        {
            return;
        }

        JsonElement[] steps = [.. described.EnumerateArray()];
        compare.Exact("decisions", [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)], [.. steps.Select(s => IsFull(s) ? 1L : 0)]);
        if (!steps[0].TryGetProperty("check", out _))
        {
            return;
        }

        bool[] verified = [.. steps.Select(s => s.GetProperty("check").GetBoolean() && !IsFull(s))];
        compare.Exact("verifications", [.. outcomes.Select(o => o.Error is null ? 0L : 1)], [.. verified.Select(v => v ? 1L : 0)]);
        foreach (var (step, outcome) in steps.Zip(outcomes).Where((_, i) => verified[i]))
        {
            compare.Number(
                $"error at step {step.GetProperty("i").GetInt32()}",
                outcome.Error ?? double.NaN,
                step.GetProperty("last_layer_error").GetDouble(),
                VerificationTolerance,
                0);
        }
    }

    private static ReplayedFluxMethod OfClusCa(FluxClusCaReplay replay) => new(replay.Policy, replay.Compare);

    private static ReplayedFluxMethod OfToCa(FluxToCaReplay replay) => new(replay.Policy, replay.Compare);

    private static bool IsFull(JsonElement step) => step.GetProperty("type").GetString() == "full";

    private static double Setting(JsonElement run, string group, string name, double released) =>
        run.TryGetProperty(group, out var settings) && settings.TryGetProperty(name, out var value) ? value.GetDouble() : released;
}
