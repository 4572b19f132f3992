using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Schedules;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Replays folders of methods that cache a U-Net by depth and prune or merge its tokens: DaTo, DeepCache, its non-uniform schedule, ToMe. Each
/// description NAME.json is a run.
/// </summary>
internal static class DepthFolder
{
    private const string Schedule = "deepcache_nonuniform";
    private const string Merging = "tome";

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("unet", out _) && config.TryGetProperty("runs", out var runs)
        && runs.EnumerateObject().Any(run => run.Value.TryGetProperty("cache", out _));

    /// <summary>Names of the runs.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config) => Directory.EnumerateFiles(folder, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Where(name => name != "config")
        .Order(StringComparer.Ordinal);

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        var compare = new Comparison(Comparison.TrajectoryTolerance);
        var name = $"{Path.GetFileName(folder)}/{run}";
        if (run == Schedule)
        {
            using var schedules = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"{run}.json")));
            CompareSchedules(schedules.RootElement, compare);
            return compare.Finish(name, []);
        }

        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        var json = description.RootElement;
        if (run == Merging)
        {
            var merging = new ToMeReplay(json, saved, compare);
            using var model = UNetTrajectory.LoadModel(folder, config, backend);
            merging.CompareSingles(backend);
            merging.CompareNetwork(model);
        }
        else if (json.TryGetProperty("cache_interval", out _))
        {
            RunDeepCache(folder, json, config, saved, compare, backend);
        }
        else
        {
            RunDaTo(folder, json, config, saved, compare, backend);
        }

        return compare.Finish(name, saved.Names);
    }

    private static void RunDeepCache(string folder, JsonElement json, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var policy = new DeepCachePolicy(new()
        {
            Interval = json.GetProperty("cache_interval").GetInt32(),
            Branch = json.GetProperty("cache_branch_id").GetInt32(),
        });
        var sampler = new DdimSampler(SamplersFolder.Trained(new DdimOptions()) with { EndAtImage = false, Spacing = TimestepSpacing.Leading });
        var (outcomes, times) = RunUnder(folder, json, config, saved, compare, backend, sampler, policy);
        compare.Exact("timesteps", [.. times.Select(t => (long)t)], saved.Integers("timesteps"));
        Decisions(compare, json, outcomes, "type", ("full", CallKind.Computed), ("cached", CallKind.Partial));
    }

    private static void RunDaTo(string folder, JsonElement json, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var record = new DaToRecord(json, saved);
        var policy = new DaToPolicy(record.Options) { Draws = _ => record };
        var sampler = new PndmSampler(SamplersFolder.Trained(new PndmOptions()));
        var (outcomes, _) = RunUnder(folder, json, config, saved, compare, backend, sampler, policy);
        var prunes = saved.Has("prune.count");
        Decisions(
            compare, json, outcomes, "type", ("full", prunes ? CallKind.Partial : CallKind.Computed), ("shallow", CallKind.Partial),
            ("reuse", CallKind.Drafted));
        record.Compare(compare);
    }

    private static (IReadOnlyList<CallOutcome> Outcomes, IReadOnlyList<float> Times) RunUnder(
        string folder, JsonElement json, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend, ISampler sampler,
        ICachePolicy policy)
    {
        using var model = UNetTrajectory.LoadModel(folder, config, backend);
        return new UNetTrajectory(model, saved, compare).Run(
            sampler, json.GetProperty("steps").GetInt32(), new Guidance(json.GetProperty("guidance").GetDouble()), policy);
    }

    private static void Decisions(
        Comparison compare, JsonElement json, IReadOnlyList<CallOutcome> outcomes, string field, params (string Word, CallKind Kind)[] words)
    {
        var theirs = json.GetProperty("per_step").EnumerateArray().Select(step => step.GetProperty(field).GetString()!)
            .Select(word => (long)words.First(w => w.Word == word).Kind).ToArray();
        compare.Exact("decisions", [.. outcomes.Select(outcome => (long)outcome.Kind)], theirs);
    }

    private static void CompareSchedules(JsonElement schedules, Comparison compare)
    {
        foreach (var saved in schedules.EnumerateArray())
        {
            var schedule = new CentredSchedule(new()
            {
                Interval = saved.GetProperty("interval").GetInt32(),
                Center = saved.GetProperty("center").GetInt32(),
                Power = saved.GetProperty("pow").GetDouble(),
            });
            var plan = schedule.Plan(saved.GetProperty("steps").GetInt32());
            compare.Exact(
                $"full steps of {schedule.Name}",
                [.. plan.Select((isFull, call) => (isFull, call)).Where(p => p.isFull).Select(p => (long)p.call)],
                [.. saved.GetProperty("full_steps").EnumerateArray().Select(step => step.GetInt64())]);
        }
    }
}
