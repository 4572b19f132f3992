using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Replays one run of a DiT under a caching method: NAME.json describes it, NAME.safetensors holds its tensors.</summary>
internal static class DitRunReplay
{
    // Converts the settings of each supported released implementation to a policy.
    private static readonly Dictionary<string, Func<JsonElement, ICachePolicy>> s_methods = new()
    {
        ["none"] = _ => NoCachePolicy.Instance,
        ["taylorseer"] = settings => new TaylorSeerPolicy(new() { Interval = Integer(settings, "interval"), Order = Integer(settings, "max_order") }),
        ["speca"] = settings => new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Dit) with
        {
            Order = Integer(settings, "max_order"),
            Base = settings.GetProperty("base_threshold").GetDouble(),
            Decay = settings.GetProperty("decay_rate").GetDouble(),
            Min = Integer(settings, "min_taylor_steps"),
            Max = Integer(settings, "max_taylor_steps"),
            Metric = Metric(settings.GetProperty("error_metric").GetString()),
        }),
    };

    // Methods whose runs also hold recorded data; made from the run's description, the folder's configuration, the saved tensors and their path.
    private static readonly Dictionary<string, Func<JsonElement, JsonElement, FixtureFile, string, IReplayedMethod>> s_recorded = new()
    {
        ["toca"] = (run, _, saved, _) => ToCaReplay.OfToCa(run, saved),
        ["duca"] = (run, _, saved, _) => ToCaReplay.OfDuCa(run, saved),
        ["clusca"] = (run, config, saved, _) => new ClusCaReplay(run, saved, config),
        ["l2c"] = (run, _, _, path) => new L2CReplay(run, path),
        ["cg_taylor"] = (run, _, saved, _) => CgTaylorReplay.OfDit(run, saved),
    };

    /// <summary>Replays a run.</summary>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        var json = description.RootElement;
        var method = json.TryGetProperty("official_impl", out var name) ? name.GetString() ?? "none" : "none";
        if (!s_methods.ContainsKey(method) && !s_recorded.ContainsKey(method))
        {
            throw new NotSupportedException($"the method '{method}' is not built");
        }

        var settings = json.TryGetProperty("kwargs", out var given) ? given : default;
        var tensors = Path.Combine(folder, $"{run}.safetensors");
        using var saved = new FixtureFile(tensors);
        var recorded = s_recorded.TryGetValue(method, out var open) ? open(json, config, saved, tensors) : null;
        var policy = recorded?.Policy ?? s_methods[method](settings);
        using var model = DitCoreReplay.LoadModel(folder, "weights", config, backend);
        var compare = new Comparison(Comparison.TrajectoryTolerance);
        var trajectory = new DitTrajectory(
            json.GetProperty("sampler").GetString() ?? "",
            json.GetProperty("steps") is { ValueKind: JsonValueKind.String } spacing ? spacing.GetString()! : json.GetProperty("steps").GetRawText(),
            json.TryGetProperty("cfg_scale", out var scale) ? scale.GetDouble() : 1,
            json.TryGetProperty("eta", out var eta) ? eta.GetDouble() : 0,
            json.TryGetProperty("clip", out var clip) && clip.GetBoolean())
        {
            SavesInputs = recorded is CgTaylorReplay,
        };
        var outcomes = DitTrajectoryReplay.Run(model, trajectory, saved, policy, compare);
        recorded?.Compare(model.Config, outcomes, compare);
        if (json.TryGetProperty("per_step", out var steps) && steps.GetArrayLength() > 0 && steps[0].TryGetProperty("type", out _))
        {
            CompareDecisions([.. steps.EnumerateArray()], outcomes, settings, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static void CompareDecisions(JsonElement[] steps, IReadOnlyList<CallOutcome> outcomes, JsonElement settings, Comparison compare)
    {
        compare.Exact(
            "decisions",
            [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
            [.. steps.Select(s => s.GetProperty("type").GetString() == "full" ? 1L : 0)]);
        if (steps.Length == 0 || !steps[0].TryGetProperty("check", out _))
        {
            return;
        }

        bool[] verified = [.. steps.Select(s => s.GetProperty("check").GetBoolean() && s.GetProperty("type").GetString() != "full")];
        compare.Exact("verifications", [.. outcomes.Select(o => o.Error is null ? 0L : 1)], [.. verified.Select(v => v ? 1L : 0)]);
        var (relative, absolute) = Metric(settings.GetProperty("error_metric").GetString()) switch
        {
            ErrorMeasure.Cosine => (0, 1e-5), // a few units in the last place of 1

            // One element near zero can dominate such an error: in dit-cache-d28/speca_relative_l1 at step 12, one of 4096 elements contributes 87 %,
            // so that rounding changes the error by 12 % between two CPU paths. The resulting decisions are still compared exactly.
            ErrorMeasure.RelativeL1 or ErrorMeasure.RelativeL2 => (0.25, 0),
            _ => (1e-4, 0d),
        };
        foreach (var (step, outcome) in steps.Zip(outcomes).Where((_, i) => verified[i]))
        {
            var (index, saved) = (step.GetProperty("i").GetInt32(), step.GetProperty("last_layer_error").GetDouble());
            compare.Number($"error at step {index}", outcome.Error ?? double.NaN, saved, relative, absolute);
        }
    }

    private static int Integer(JsonElement settings, string name) => settings.GetProperty(name).GetInt32();

    private static ErrorMeasure Metric(string? name) => name switch
    {
        "l1" => ErrorMeasure.L1,
        "l2" => ErrorMeasure.L2,
        "relative_l1" => ErrorMeasure.RelativeL1,
        "relative_l2" => ErrorMeasure.RelativeL2,
        "cosine_similarity" => ErrorMeasure.Cosine,
        _ => throw new NotSupportedException($"the error metric '{name}' is not built"),
    };
}
