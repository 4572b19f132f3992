using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Conditioning;
using Augur.Models.Llada;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>A saved run of text: how it was sampled and cached, and what was saved of it.</summary>
/// <param name="Length">Tokens that are written.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Guidance">Guidance.</param>
/// <param name="SamplerOf">The sampler of a row, with the saved draws.</param>
/// <param name="Policy">The caching method, which tells what it chooses; null: none.</param>
/// <param name="Calls">What was saved of each call.</param>
internal sealed record LladaTrajectory(
    int Length,
    int Steps,
    Guidance Guidance,
    Func<int, ISampler> SamplerOf,
    Func<Action<int, int, int, int[][]>, ICachePolicy>? Policy,
    ISavedCalls Calls)
{
    /// <summary>Of a description.</summary>
    /// <exception cref="NotSupportedException">The run is of another kind.</exception>
    public static LladaTrajectory Of(JsonElement json, FixtureFile saved) => json.TryGetProperty("fn", out _) ? OfBlocks(json, saved)
        : json.TryGetProperty("official_impl", out _) ? OfDream(json, saved) : OfLlada(json.GetProperty("kwargs"), json, saved);

    /// <summary>Runs it through the engine and compares every call.</summary>
    public void Compare(LladaModel model, FixtureFile saved, Comparison compare)
    {
        var chosen = new List<Choice>();
        var runs = Begin(model, saved, compare);
        DecisionGroup[] groups = [.. runs.Select((run, row) => DecisionGroup.Open(
            Policy?.Invoke((guided, call, layer, rows) => chosen.Add(new(row, guided, call, layer, rows[0]))) ?? NoCachePolicy.Instance,
            [run],
            0,
            null,
            model.Backend))];
        try
        {
            var engine = new Engine(model, TimeProvider.System, int.MaxValue);
            for (var call = 0; !runs[0].Run.IsFinished; call++)
            {
                Calls.CompareInput(call, Array.ConvertAll(runs, run => IdsOf(run.Run.Latent, model)), compare);
                var outputs = new float[runs.Length][];
                engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = output.ToArray());
                Array.ForEach(groups, group => group.ThrowIfFailed());
                Calls.CompareOutput(call, outputs, model.Config, compare);
            }

            Calls.CompareEnd(Array.ConvertAll(runs, run => IdsOf(run.Run.Latent, model)), runs[0].Outcomes.Count, chosen, compare);
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private static long[] IdsOf(Tensor latent, LladaModel model) =>
        Array.ConvertAll(latent.ToArray(), id => id == TokenSampler.Unknown ? model.Config.MaskId : (long)id);

    private Trajectory[] Begin(LladaModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("prompt");
        var (prompts, shape) = (saved.Integers("prompt"), saved.Shape("prompt"));
        Shape latent = [Length];
        return [.. prompts.Chunk(shape[^1]).Select((prompt, row) =>
        {
            var sampler = SamplerOf(row);
            var run = sampler.Begin(Tensor.Zeros(model.Backend, [1, Length]), Steps, model.Prediction);
            var rows = model.Guide(new TokenPrompt([.. prompt.Select(id => (int)id)]), Guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, latent, model.Describe(latent, conditions), () => { });
            return new Trajectory(prepared, run, new GivenNoise(ReadOnlyMemory<float>.Empty), model.Prediction, sampler.AddsNoise);
        })];
    }

    private static LladaTrajectory OfLlada(JsonElement settings, JsonElement json, FixtureFile saved)
    {
        var scale = settings.TryGetProperty("cfg_scale", out var given) ? given.GetDouble() : 0;
        var options = new LladaSamplerOptions
        {
            Block = settings.GetProperty("block_length").GetInt32(),
            Temperature = settings.TryGetProperty("temperature", out var temperature) ? temperature.GetDouble() : 0,
        };
        Func<Action<int, int, int, int[][]>, ICachePolicy>? policy = null;
        if (settings.TryGetProperty("cache", out var cache))
        {
            var kept = CacheOf(
                cache.GetProperty("prompt_interval_steps"), cache.GetProperty("gen_interval_steps"), cache.GetProperty("transfer_ratio"));
            kept = kept with { Guidance = cache.TryGetProperty("cfg_interval_steps", out var guided) ? guided.GetInt32() : 1 };
            policy = observe => new DllmCachePolicy(kept)
            {
                ObserveChoice = observe,
            };
        }

        var length = settings.GetProperty("gen_length").GetInt32();
        return new(
            length,
            settings.GetProperty("steps").GetInt32(),
            new Guidance(1 + scale),
            row => new LladaSampler(options) { Chance = saved.Has("draws") ? () => new SavedUniforms(saved, row, length) : null },
            policy,
            new SavedBatch(saved, json, length));
    }

    private static LladaTrajectory OfDream(JsonElement json, FixtureFile saved)
    {
        var options = new DreamSamplerOptions
        {
            Algorithm = json.GetProperty("alg").GetString() switch
            {
                "origin" => DreamAlgorithm.Origin,
                "maskgit_plus" => DreamAlgorithm.MaskGitPlus,
                "topk_margin" => DreamAlgorithm.TopKMargin,
                "entropy" => DreamAlgorithm.Entropy,
                var other => throw new NotSupportedException($"the algorithm '{other}' is not built"),
            },
            Temperature = json.GetProperty("temperature").GetDouble(),
            TopP = json.TryGetProperty("top_p", out var share) ? share.GetDouble() : 1,
            TopK = json.TryGetProperty("top_k", out var count) ? count.GetInt32() : null,
            AlgorithmTemperature = json.TryGetProperty("alg_temp", out var temperature) ? temperature.GetDouble() : 0,
        };
        var (length, steps) = (json.GetProperty("new").GetInt32(), json.GetProperty("steps").GetInt32());
        var draws = new SavedRaces(saved, json, length);
        var isCached = json.TryGetProperty("prompt_interval_steps", out var prompt);
        return new(
            length,
            steps,
            new Guidance(1),
            row => new DreamSampler(options) { Chance = () => draws.OfRow(row) },
            isCached ? observe => new DllmCachePolicy(CacheOf(prompt, json.GetProperty("gen_interval_steps"), json.GetProperty("transfer_ratio")))
            {
                ObserveChoice = observe,
            } : null,
            new SavedBatch(saved, json, length));
    }

    private static LladaTrajectory OfBlocks(JsonElement json, FixtureFile saved)
    {
        var length = json.GetProperty("gen").GetInt32();
        var options = new LladaSamplerOptions
        {
            Block = json.GetProperty("block").GetInt32(),
            Threshold = json.TryGetProperty("threshold", out var least) ? least.GetDouble() : null,
            Temperature = json.TryGetProperty("temperature", out var temperature) ? temperature.GetDouble() : 0,
        };
        BlockCacheKind? kind = json.GetProperty("fn").GetString() switch
        {
            "generate" => null,
            "prefix" => BlockCacheKind.Prefix,
            "dual" => BlockCacheKind.Dual,
            var other => throw new NotSupportedException($"the function '{other}' is not built"),
        };
        var calls = new SavedBlocks(saved, json);
        return new(
            length,
            json.GetProperty("steps").GetInt32(),
            new Guidance(1),
            _ => new LladaSampler(options) { Chance = saved.Has("uniform64") ? () => calls : null },
            kind is { } cached ? _ => new BlockCachePolicy(new() { Kind = cached }) : null,
            calls);
    }

    private static DllmCacheOptions CacheOf(JsonElement prompt, JsonElement response, JsonElement ratio) => new()
    {
        Prompt = prompt.GetInt32(),
        Response = response.GetInt32(),
        Ratio = ratio.GetDouble(),
    };
}
