using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UNet;

/// <summary>
/// The U-Net of Stable Diffusion 1, 2 and XL (Rombach et al., 2022; Podell et al., 2023): noise or velocity of a latent at a timestep, under a text.
/// A condition is a prompt, where its text encoders are loaded, a <see cref="PromptEmbedding"/>, or either in a <see cref="UNetCondition"/>.
/// </summary>
public sealed class UNetModel : INetwork, IModulatedNetwork
{
    private readonly UNetWeights _weights;
    private readonly UNetEnds[] _ends;
    private readonly UNetLayer _middle;
    private readonly UNetResidual _middleEnd;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new(); // keys and values of texts

    internal UNetModel(UNetConfig config, UNetWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.CrossChannels, config.PooledChannels, encoder);
        (_ends, _middle, _middleEnd) = new UNetAssembly(config, weights).Assemble();
    }

    /// <summary>Reads a U-Net from a file or a folder of shards, in diffusers' or the original codes' layout.</summary>
    /// <param name="path">Of the weights: of the network alone, or of a whole model, of which only the network is read.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no U-Net, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static UNetModel Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return UNetLayouts.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public UNetConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public int LatentMultiple => 1;

    /// <inheritdoc/>
    public Prediction Prediction => Config.Prediction;

    /// <inheritdoc/>
    public Shape LatentShape => [Config.OutChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var told = condition as UNetCondition ?? new UNetCondition(condition);
        UNetConditions.Check(Config, told);
        var rows = Config.GuidanceChannels > 0 ? _prompts.Single(told.Text, (float)guidance.Scale)
            : ComparesWithZeros(told.Text, guidance)
            ? GuidedRows.Pair(_prompts.Check(told.Text), UNetConditions.Zeros(Config), guidance)
            : _prompts.Pair(told.Text, guidance);
        return condition is not UNetCondition ? rows : rows with { Conditions = [.. rows.Conditions.Select(text => told with { Text = text })] };
    }

    /// <inheritdoc/>
    public bool IsInpainting => Config.ExtraChannels == Config.OutChannels + 1;

    /// <inheritdoc/>
    public Condition Inpaint(Condition condition, ReferenceLatent masked, IReadOnlyList<float> mask)
    {
        ArgumentNullException.ThrowIfNull(masked);
        return !IsInpainting ? condition
            : (condition as UNetCondition ?? new UNetCondition(condition)) with { Extra = [.. mask, .. masked.Values] };
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        UNetCondition[] told = [.. conditions.Select(condition => condition as UNetCondition ?? new UNetCondition(condition))];
        return [.. _prompts.Read([.. told.Select(t => t.Text)]).Zip(told, (text, t) => new EncodedUNetCondition(
            Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels]).Retain(),
            Config.PooledChannels == 0 ? null : Tensor.From(Backend, text.Pooled.AsSpan(), [1, text.Pooled.Length]).Retain(),
            t) { Digest = ConditionKey.Digest(text.Tokens.AsSpan()) })];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var grid = Config.GridOf(latent);
        UNetConditions.CheckExtra(Config, grid, rows);
        return UNetMap.Of(Config, grid, Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max()));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input.NotNull());
        using var scope = TensorScope.Begin();
        var grid = input.Map.Tokens[0].Grid;
        EncodedUNetCondition[] texts = [.. input.Conditions.Cast<EncodedUNetCondition>()];
        var cells = Cells(input.Latents);
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            UNetConditions.WithExtra(cells, texts),
            (latents, at) =>
            {
                EncodedUNetCondition[] present = [.. at.NarrowRows(texts)];
                var scales = input.Guidance.Count == 0 ? [] : at.NarrowRows(input.Guidance);
                var rows = UNetRows.Of(VectorOf(at.NarrowRows(input.Timesteps), scales, present, grid, door), present, _modulations);
                return Run(latents.Reshape([latents.Shape[0], grid[0], grid[1], Config.InChannels]), rows, UNetMap.Sizes(Config, grid), door);
            },
            new SignalOffer(Signal.NetworkInput, () => cells));
        return output.ToTensor().Permute(0, 2, 1).Reshape(input.Latents.Shape).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        foreach (var part in (IEnumerable<IDisposable>)[.. _ends, _middle, _middleEnd, _prompts])
        {
            part.Dispose();
        }

        IDisposable?[] others =
        [
            _weights.Input, _weights.Time.First, _weights.Time.Second, _weights.Guidance, _weights.Added?.First, _weights.Added?.Second,
            _weights.OutputNorm, _weights.Output,
        ];
        Array.ForEach(others, other => other?.Dispose());
    }

    /// <summary>Latents [rows, channels, height, width] as cells [rows, cells, channels].</summary>
    internal static Tensor Cells(Tensor latents) =>
        latents.Reshape([latents.Shape[0], latents.Shape[1], latents.Shape[2] * latents.Shape[3]]).Permute(0, 2, 1);

    // [rows, height, width, channels read] → [rows, cells, channels of the latent].
    private Tensor Run(Tensor latents, UNetRows rows, Shape[] sizes, IFeatureDoor door)
    {
        var first = latents.Conv2d(_weights.Input, 1, Padding.All(1));
        door.Show("conv_in.out", first);
        var up = RunLevel(0, first, rows, sizes, door);
        var last = _ends[0].Up(up, first, sizes[0], rows, door);
        up.Dispose();
        var normalised = last.GroupNorm(
            Config.NormGroups, _weights.OutputNorm.Weight, _weights.OutputNorm.Bias, UNetConfig.ResidualEpsilon, Activation.Silu);
        door.Show("conv_norm_out.out", normalised);
        return Flat(normalised.Conv2d(_weights.Output, 1, Padding.All(1)));
    }

    // What comes up to the layer that reads a skip connection: everything inside that.
    private Tensor RunLevel(int index, Tensor skip, UNetRows rows, Shape[] sizes, IFeatureDoor door)
    {
        var feature = door.GetOrCompute(Site.Level(index), Flat(skip), (h, at) =>
        {
            var (own, present) = (h.Reshape(skip.Shape.With(0, h.Shape[0])), rows.Narrow(at));
            return Flat(index == _ends.Length - 1 ? RunMiddle(own, present, door) : RunInside(index + 1, own, present, sizes, door));
        }).ToTensor();
        return feature.Reshape([skip.Shape[0], skip.Shape[1], skip.Shape[2], feature.Shape[2]]);
    }

    private Tensor RunInside(int index, Tensor outside, UNetRows rows, Shape[] sizes, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin(); // the connection lives while what lies inside it is run
        var skip = RunDown(index, outside, rows, sizes, door);
        var up = RunLevel(index, skip, rows, sizes, door);
        return _ends[index].Up(up, skip, sizes[index - 1], rows, door).Escape();
    }

    private Tensor RunDown(int index, Tensor outside, UNetRows rows, Shape[] sizes, IFeatureDoor door)
    {
        var feature = door.GetOrCompute(
            Site.Down(index),
            Flat(outside),
            (h, at) => Flat(_ends[index].Down(h.Reshape(outside.Shape.With(0, h.Shape[0])), rows.Narrow(at), door))).ToTensor();
        return feature.Reshape([outside.Shape[0], sizes[index][0], sizes[index][1], feature.Shape[2]]);
    }

    private Tensor RunMiddle(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        return _middleEnd.Forward(_middle.Forward(x, rows, door), rows, door).Escape();
    }

    private static Tensor Flat(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]]);

    // SiLU of the timestep's vector, with what SDXL is told besides, [rows, channels]: every residual block begins with this SiLU.
    private Tensor VectorOf(
        IReadOnlyList<float> timesteps, IReadOnlyList<float?> scales, EncodedUNetCondition[] texts, Shape grid, IFeatureDoor door)
    {
        var sinusoid = UNetEmbeddings.Sinusoid(Backend, [.. timesteps], Config.BlockChannels[0]);
        if (_weights.Guidance is { } guidance)
        {
            float[] told = [.. Enumerable.Range(0, timesteps.Count).Select(row => scales.Count == 0 ? 1 : scales[row] ?? 1)];
            sinusoid += UNetEmbeddings.Guidance(Backend, told, Config.GuidanceChannels).Linear(guidance);
        }

        var vector = sinusoid.Linear(_weights.Time.First, Activation.Silu).Linear(_weights.Time.Second);
        door.Show("time_proj.out", sinusoid);
        door.Show("time_embedding.out", vector);
        if (_weights.Added is { } added)
        {
            var told = Tensor.Concatenate([.. texts.Select(text => text.Pooled!)], 0);
            if (Config.SizeCount > 0)
            {
                var sizes = UNetEmbeddings.Sinusoid(Backend, UNetConditions.Sizes(Config, texts, grid), Config.SizeChannels);
                told = Tensor.Concatenate([told, sizes.Reshape([texts.Length, Config.SizeCount * Config.SizeChannels])], 1);
                door.Show("add_time_proj.out", sizes);
            }

            var embedded = told.Linear(added.First, Activation.Silu).Linear(added.Second);
            door.Show("add_embedding.in", told);
            door.Show("add_embedding.out", embedded);
            vector += embedded;
        }

        return vector.Activate(Activation.Silu);
    }

    private bool ComparesWithZeros(Condition text, Guidance guidance) =>
        Config.ComparesWithZeros && guidance.NeedsUnconditional && text is PromptCondition { Negative: null };

    private void CheckRows(NetworkInput input)
    {
        var shape = input.Latents.Shape;
        if (shape.Rank != 4 || shape[0] != input.Timesteps.Count || shape[0] != input.Conditions.Count || shape[0] == 0
            || Config.GridOf([shape[1], shape[2], shape[3]]) != input.Map.Tokens[0].Grid || input.Conditions.Any(c => c is not EncodedUNetCondition))
        {
            throw new ArgumentException(
                $"{Name} reads latents [rows, {Config.OutChannels}, height, width] with a timestep and a text that it encoded per row, "
                + $"not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }
    }
}
