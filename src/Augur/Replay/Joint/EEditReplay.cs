using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>One run of EEdit: what it drew is given, its step types, choices and latents are compared.</summary>
internal sealed class EEditReplay(
    FluxModel model, JsonElement run, JsonElement config, FixtureFile saved, FixtureFile inputs, FixtureFile draws, Comparison compare)
    : IUniformDraws
{
    /// <summary>Side of a token in pixels: 8 of the autoencoder, 2 cells.</summary>
    public const int TokenSide = 16;

    private const double Guidance = 7;
    private const string Inversion = "inversion";
    private const string Denoising = "denoise";

    private readonly float[] _imageDraws = draws.Singles("image");
    private readonly float[] _textDraws = draws.Singles("text");
    private readonly Dictionary<(int Step, Site Site), int[]> _choices = [];
    private readonly List<(string Phase, int Step, CallKind Kind)> _calls = [];
    private readonly bool _isBox = run.GetProperty("kind").GetString() == "box";
    private readonly int _steps = run.GetProperty("steps").GetInt32();

    private int Height => config.GetProperty("H").GetInt32();

    private int Width => config.GetProperty("W").GetInt32();

    private Shape Grid => [Height / TokenSide, Width / TokenSide];

    private bool IsOnline => run.TryGetProperty("cache_type", out var type) && type.GetString() == "ours_cache";

    /// <summary>Runs inversion and denoising, and compares everything that was saved.</summary>
    public void Run()
    {
        var region = Region();
        var cascade = run.GetProperty("cascade").GetInt32();
        var weights = new RegionWeights(_isBox ? RegionRule.Box : RegionRule.Mask, new()
        {
            Rings = cascade,
            Bonus = Setting("edit_base", 2),
            Decay = Setting("bonus", 0.8),
        });
        CompareRings("rings", region.Rings(Grid, cascade, weights.Rule), run, compare);
        CompareWeights("weight_map", weights, region, Grid, saved.Singles("weight_map"), compare);
        compare.Used("weight_map");

        var policy = Policy(weights);
        var (source, text) = (_isBox ? "composite.x0" : "x0", Text(_isBox ? "null_txt" : "txt", _isBox ? "null_pooled" : "pooled"));
        var inverted = Invert(policy, region, saved.Singles(source), text);
        if (IsOnline)
        {
            _choices.Clear(); // the saved ones are those of the denoising
        }

        Denoise(policy, region, inverted, saved.Singles(source));
        CompareChoices();
        CompareTypes();
    }

    /// <summary>Compares rings with those that a description has.</summary>
    public static void CompareRings(string name, IReadOnlyList<int[]> rings, JsonElement described, Comparison compare)
    {
        JsonElement[] theirs = [.. described.GetProperty("rings").EnumerateArray()];
        compare.Exact($"{name}, number of rings", [rings.Count], [theirs.Length]);
        foreach (var (index, (ring, members)) in rings.Zip(theirs).Index())
        {
            compare.Exact($"{name}, ring {index}", [.. ring.Select(t => (long)t)], [.. members.EnumerateArray().Select(t => t.GetInt64())]);
        }
    }

    /// <summary>Compares the weights of the picture's tokens with saved ones, bit for bit.</summary>
    public static void CompareWeights(string name, RegionWeights weights, EditRegion region, Shape grid, float[] saved, Comparison compare)
    {
        var range = new TokenRange(TokenGroup.Image, 0, (int)grid.ElementCount, grid);
        var map = new NetworkMap([new(Site.Output, [range.Count, 1], [range.Count, 1], 0, 0)], [range], []);
        var own = weights.Of(new RunInfo { Map = map, CallCount = 1, RowCount = 1, Region = region }, range, range.Count);
        compare.Exact(
            $"{name}, bits of the weights",
            [.. own!.Select(w => (long)BitConverter.SingleToInt32Bits(w))],
            [.. saved.Select(w => (long)BitConverter.SingleToInt32Bits(w))]);
    }

    /// <inheritdoc/>
    public float[] Draw(int callIndex, Site site, int count)
    {
        if (site.Group == TokenGroup.Text)
        {
            return Entry(_textDraws, draws.Shape("text"), callIndex - 1, site.Layer)[..count];
        }

        return Entry(_imageDraws, draws.Shape("image"), callIndex - 1, ListOf(site))[..count];
    }

    // Image lists: one for each double block, then two for each single block.
    private int ListOf(Site site)
    {
        var doubles = model.Config.DoubleBlockCount;
        return site.Layer < doubles ? site.Layer : doubles + (2 * (site.Layer - doubles)) + (site.Kind == SiteKind.Projected ? 1 : 0);
    }

    private EditRegion Region() => _isBox ? EEditFolder.Region(run, Height, Width)
        : new EditRegion([.. inputs.Integers("mask_pixels").Select(p => p > 0)], Height, Width);

    private EEditPolicy Policy(RegionWeights weights)
    {
        var choice = new EEditTokensOptions
        {
            Interval = run.GetProperty("n_int").GetInt32(),
            Ratio = run.GetProperty("r").GetDouble(),
            Staleness = run.GetProperty("soft_fresh_weight").GetDouble(),
            Region = weights,
        };
        return new EEditPolicy(EEditOptions.Released(EEditPreset.Released) with
        {
            Tail = (int)Setting("tail", 1),
            HasTables = !IsOnline,
            Tokens = new EEditTokens(choice)
            {
                Draws = this,
                TextCandidates = IsOnline ? (int)Grid.ElementCount : null,
                OnChoice = (step, site, tokens) => _choices[(step, site)] = tokens,
            },
        });
    }

    private float[] Invert(EEditPolicy policy, EditRegion region, float[] source, PromptEmbedding text)
    {
        var (latents, shape) = (saved.Singles("inv.y"), saved.Shape("inv.y"));
        var scale = Comparison.Magnitude(latents);
        var sampler = new FlowInversion(new()
        {
            Gamma = run.GetProperty("gamma").GetDouble(),
            Skip = run.GetProperty("inv_skip").GetInt32(),
            HasExtraEntry = _isBox,
        })
        {
            Target = Unpacked(saved.Singles("inv.y1")),
            OnLatent = (i, y) => compare.Tensor("inv.y", Packed(y), FixtureFile.Entry(latents, shape, i), scale, i),
        };
        compare.Used("inv.y1", "x0", "composite.x0");
        return Follow(Inversion, sampler, policy, region, source, text, "inv.u");
    }

    private void Denoise(EEditPolicy policy, EditRegion region, float[] start, float[] source)
    {
        var (latents, shape) = (saved.Singles("x_in"), saved.Shape("x_in"));
        var scale = Comparison.Magnitude(latents);
        var levels = new FlowOptions { Dynamic = true };
        var sigmas = levels.Sigmas([1, (int)Grid.ElementCount, 1], _steps);
        compare.Tensor("sigmas", Array.ConvertAll(sigmas, s => (float)s), Array.ConvertAll(saved.Doubles("sigmas"), s => (float)s));
        compare.Tensor(
            "timesteps", Array.ConvertAll(sigmas[..^1], s => 1000 * (float)s), Array.ConvertAll(saved.Doubles("timesteps"), s => (float)s));
        var options = new FlowEditOptions
        {
            Eta = run.GetProperty("eta").GetDouble(),
            Stop = run.GetProperty("stop").GetInt32(),
            Pinned = run.TryGetProperty("mask_timestep", out var pinned) ? pinned.GetInt32() : null,
            Skip = (int)Setting("fwd_skip", 1),
        };
        var background = new PictureSource(Unpacked(saved.Singles(_isBox ? "main.x0" : "x0")), Mask());
        var sampler = new FlowEditSampler(
            levels, options, new PictureSource(Unpacked(source)), background, Unpacked(saved.Singles(_isBox ? "main.noise" : "noise")))
        {
            OnLatent = (i, x) => compare.Tensor("x_in", Packed(x), FixtureFile.Entry(latents, shape, i), scale, i),
        };
        compare.Used("noise", "main.noise", "main.x0", "mask_packed");
        compare.Tensor("final", Follow(Denoising, sampler, policy, region, start, Text("txt", "pooled"), "pred"), saved.Singles("final"));
    }

    // Runs a sampler under the method, compares the network's answers, and returns the last latent, packed.
    private float[] Follow(
        string phase, ISampler sampler, EEditPolicy policy, EditRegion region, float[] start, PromptEmbedding text, string answers)
    {
        using var scope = TensorScope.Begin();
        var (theirs, shape) = (saved.Singles(answers), saved.Shape(answers));
        var scale = Comparison.Magnitude(theirs);
        var rows = model.Guide(text, new Guidance(Guidance));
        var encoded = model.Encode(rows.Conditions);
        Shape latent = [model.Config.LatentChannels, 2 * Grid[0], 2 * Grid[1]];
        var map = model.Describe(latent, encoded);
        var prepared = new PreparedRequest(rows, encoded, latent, map, () => Array.ForEach([.. encoded], row => row.Dispose()));
        var begun = sampler.Begin(Tensor.From(model.Backend, Unpacked(start), latent.OfOne()), _steps, model.Prediction);
        var trajectory = new Trajectory(prepared, begun, new GivenNoise(ReadOnlyMemory<float>.Empty), model.Prediction, addsNoise: false)
        {
            Region = region,
        };
        var groups = ReplayGroups.Open(policy, [trajectory], model.Backend);
        try
        {
            var engine = new Engine(model, TimeProvider.System, int.MaxValue);
            for (var call = 0; !begun.IsFinished; call++)
            {
                var step = begun.StepIndex;
                engine.Tick(groups, (_, output) =>
                    compare.Tensor(answers, Packed(output), FixtureFile.Entry(theirs, shape, call), scale, step));
                groups[0].ThrowIfFailed();
                _calls.Add((phase, step, trajectory.Outcomes[^1].Kind));
            }

            return Packed(begun.Latent);
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private void CompareChoices()
    {
        compare.Used("table.steps");
        int[] steps = [.. saved.Integers("table.steps").Select(s => (int)s)];
        var (doubles, singles) = (model.Config.DoubleBlockCount, model.Config.SingleBlockCount);
        Site[] image =
        [
            .. Enumerable.Range(0, doubles).Select(layer => Site.Mlp(layer, TokenGroup.Image)),
            .. Enumerable.Range(doubles, singles).SelectMany(layer => (Site[])
                [Site.Hidden(layer) with { Group = TokenGroup.Image }, Site.Projected(layer) with { Group = TokenGroup.Image }]),
        ];
        Compare("table.image", image);
        Compare("table.text", [.. Enumerable.Range(0, doubles).Select(layer => Site.Mlp(layer, TokenGroup.Text))]);

        void Compare(string name, Site[] sites)
        {
            // Saved as sets; ours are in ascending order.
            var (table, shape) = (saved.Numbers(name), saved.Shape(name));
            var lists = table.Chunk(shape[2]).SelectMany(list => list.Order()).Select(t => (long)t).ToArray();
            var ours = steps.SelectMany(step => sites.SelectMany(site => _choices.GetValueOrDefault((step, site), [])));
            compare.Exact(name, [.. ours.Select(t => (long)t)], lists);
        }
    }

    private void CompareTypes()
    {
        foreach (var phase in new[] { Inversion, Denoising })
        {
            JsonElement[] theirs = [.. run.GetProperty("per_step").EnumerateArray()
                .Where(s => s.GetProperty("phase").GetString() == phase && (!s.TryGetProperty("called", out var called) || called.GetBoolean()))];
            var ours = _calls.Where(c => c.Phase == phase).ToArray();
            compare.Exact($"steps of the {phase}", [.. ours.Select(c => (long)c.Step)], [.. theirs.Select(s => s.GetProperty("step").GetInt64())]);
            compare.Exact(
                $"types of the {phase}",
                [.. ours.Select(c => c.Kind == CallKind.Computed ? 1L : 0)],
                [.. theirs.Select(s => s.GetProperty("type").GetString() == "full" ? 1L : 0)]);
        }
    }

    // 1 is drawn anew. A composition's box lies on cells of the latent, its corners at ⌊2x/16⌋.
    private float[] Mask()
    {
        if (!_isBox)
        {
            return Unpacked(saved.Singles("mask_packed"));
        }

        int[] box = [.. run.GetProperty("box").EnumerateArray().Select(edge => 2 * edge.GetInt32() / TokenSide)];
        var (channels, height, width) = (model.Config.LatentChannels, 2 * Grid[0], 2 * Grid[1]);
        return [.. Enumerable.Range(0, channels * height * width).Select(i =>
            i % width >= box[0] && i % width < box[2] && i / width % height >= box[1] && i / width % height < box[3] ? 1f : 0)];
    }

    private PromptEmbedding Text(string tokens, string pooled) => FluxFolder.Texts(inputs, tokens, pooled).Single();

    private double Setting(string name, double released) => run.TryGetProperty(name, out var value) ? value.GetDouble() : released;

    private static float[] Packed(Tensor latent)
    {
        using var scope = TensorScope.Begin();
        return FluxModel.Pack(latent).ToArray();
    }

    private float[] Unpacked(float[] packed)
    {
        using var scope = TensorScope.Begin();
        return model.Unpack(Tensor.From(model.Backend, packed, [1, (int)Grid.ElementCount, model.Config.InChannels]), Grid).ToArray();
    }

    private static float[] Entry(float[] values, Shape shape, int first, int second) =>
        values.AsSpan(((first * shape[1]) + second) * shape[2], shape[2]).ToArray();
}
