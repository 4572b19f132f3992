using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Sd3;

/// <summary>
/// Stable Diffusion 3 and 3.5, medium and large (Esser et al., 2024): the flow from noise to a picture under a text, predicted by joint blocks of
/// picture and text. A condition is a prompt, where its text encoders are loaded, or a <see cref="PromptEmbedding"/>, made elsewhere.
/// </summary>
public sealed class Sd3Model : INetwork, IModulatedNetwork
{
    private readonly Sd3Weights _weights;
    private readonly Sd3Block[] _blocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();

    internal Sd3Model(Sd3Config config, Sd3Weights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, config.PooledChannels, encoder);
        _blocks = [.. weights.Blocks.Select((block, layer) => new Sd3Block(config, layer, block))];
    }

    /// <summary>Reads a transformer from a file or a folder of shards, in either published key layout.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="encoder">Makes embeddings of prompts, disposed with the model; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no SD3 transformer, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static Sd3Model Load(string path, IBackend backend, IPromptEncoder? encoder = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Sd3Layouts.Load(checkpoint, backend, encoder: encoder);
    }

    /// <summary>Its sizes.</summary>
    public Sd3Config Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.InChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public int LatentMultiple => Config.PatchSize;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    /// <remarks>Guidance compares with the negative text, or with the empty prompt; skip-layer guidance adds a row.</remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        var rows = _prompts.Pair(condition, guidance);
        return Config.SkipGuidance is not { } skip ? rows : rows with
        {
            Conditions = [.. rows.Conditions, new WithoutBlocks(rows.Conditions[0])],
            Weights = [.. rows.Weights, 0],
            Window = new GuidanceWindow(
                skip.Start, skip.End, [rows.Weights[0] + (float)skip.Scale, .. rows.Weights.Skip(1), -(float)skip.Scale]),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        Condition[] texts = [.. conditions.Select(c => c is WithoutBlocks without ? without.Text : c).Distinct()];
        var read = texts.Zip(_prompts.Read(texts)).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. conditions.Select(condition =>
        {
            using var scope = TensorScope.Begin();
            var text = read[condition is WithoutBlocks without ? without.Text : condition];
            var tokens = Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels]).Linear(_weights.Text);
            var pooled = _weights.Pooled.Apply(Tensor.From(Backend, text.Pooled.AsSpan(), [1, text.Pooled.Length]));
            return new JointCondition(tokens.Retain(), pooled.Retain())
            {
                PooledText = text.Pooled,
                Skips = condition is WithoutBlocks ? Config.SkipGuidance!.Layers : [],
            };
        })];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Sd3Map.Of(Config, Config.GridOf(latent), Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max()));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        JointStream.Check(Name, input.NotNull(), Config.InChannels, Config.GridOf, hasGuidance: false);
        using var scope = TensorScope.Begin();
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        JointCondition[] texts = [.. input.Conditions.Cast<JointCondition>()];
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (latents, at) =>
            {
                var present = at.NarrowRows(texts);
                var stream = Embed(latents, image.Grid, present, text.Count, door);
                var rows = new Sd3Rows(
                    VectorOf(at.NarrowRows(input.Timesteps), present, door),
                    [.. present.Select(t => image.Count + t.TokenCount)],
                    [.. present.Select(t => t.Skips)],
                    image.Count);
                var behind = BlockChain.Run(
                    input, stream, rows, (layer, h, some, wanted) => RunBlock(layer, h, some, wanted, door),
                    new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ModulatedInput(stream, rows)), door);
                return Finish(rows.Part(behind, TokenGroup.Image), rows.Vector);
            },
            new SignalOffer(Signal.NetworkInput, () => LatentPatches.Fold(input.Latents, image.Grid, Config.PatchSize, Config.InChannels)));
        var patches = output.ToTensor();
        door.Show("final_layer.out", patches);
        return LatentPatches.Unfold(patches, image.Grid, Config.PatchSize).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        foreach (var part in (IEnumerable<IDisposable>)
            [_prompts, .. _blocks, _weights.Patches, _weights.Positions, _weights.Time, _weights.Pooled, _weights.Text, _weights.FinalModulation,
            _weights.Final])
        {
            part.Dispose();
        }
    }

    /// <summary>The places of a picture, from the middle of the table: [1, tokens, channels].</summary>
    internal Tensor PositionsOf(Shape grid)
    {
        int side = Config.PositionSize, top = (side - grid[0]) / 2, left = (side - grid[1]) / 2;
        int[] places = [.. Enumerable.Range(0, (int)grid.ElementCount).Select(i => ((top + (i / grid[1])) * side) + left + (i % grid[1]))];
        return _weights.Positions.Reshape([side * side, Config.HiddenSize]).GatherRows(IndexTable.From(Backend, places))
            .Reshape([1, places.Length, Config.HiddenSize]);
    }

    // Rows that leave a block out get their stream back; they are computed with the others.
    private Tensor RunBlock(int layer, Tensor stream, Sd3Rows rows, Selection wanted, IFeatureDoor door)
    {
        var behind = _blocks[layer].Forward(stream, rows, wanted, door);
        if (rows.Skipping(layer) is { Length: > 0 } skipping)
        {
            var table = IndexTable.From(Backend, skipping);
            behind.ScatterRowsInPlace(table, wanted.NarrowTokens(stream).GatherRows(table));
        }

        return behind;
    }

    // SiLU(timestep + text): every modulation begins with this SiLU, so it is taken once.
    private ConditionVector VectorOf(IReadOnlyList<float> timesteps, IReadOnlyList<JointCondition> texts, IFeatureDoor door)
    {
        var time = _weights.Time.Apply(DitEmbeddings.Timesteps(Backend, [.. timesteps], frequenciesReachEnd: false));
        var pooled = Tensor.Concatenate([.. texts.Select(t => t.Pooled)], 0);
        door.Show("t_embedder.out", time);
        door.Show("y_embedder.out", pooled);
        return _modulations.Of(
            (time + pooled).Activate(Activation.Silu),
            timesteps.Zip(texts, (timestep, text) => new ConditionKey(timestep, text.PooledText.AsSpan())));
    }

    private Tensor Embed(Tensor latents, Shape grid, IReadOnlyList<JointCondition> texts, int textTokens, IFeatureDoor door)
    {
        int rows = latents.Shape[0], images = (int)grid.ElementCount;
        var cells = latents.Permute(0, 2, 3, 1).Conv2d(_weights.Patches, Config.PatchSize, default); // [rows, grid rows, grid columns, channels]
        var pictures = cells.Reshape([rows, images, Config.HiddenSize]);
        door.Show("x_embedder.out", pictures);
        pictures += PositionsOf(grid).GatherRows(IndexTable.From(Backend, new int[rows]));
        var stream = JointStream.Join(pictures, texts, images + textTokens);
        door.Show("context_embedder.out", stream.Slice(1, images, textTokens));
        return stream;
    }

    private Tensor Finish(Tensor features, ConditionVector vector)
    {
        var modulation = vector.Linear(_weights.FinalModulation); // [rows, 2 · channels]
        return features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), Sd3Config.NormEpsilon).Linear(_weights.Final);
    }
}
