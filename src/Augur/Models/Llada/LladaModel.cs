using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Llada;

/// <summary>
/// A masked diffusion language model: LLaDA (Nie et al., 2025, arXiv 2502.09992), whose layers are Llama's, and Dream, whose layers are Qwen2's and
/// whose answers are for the token behind. Latents are the numbers of the response's tokens, −1 where a token is not known yet; the answer is the
/// logits of each, [batch, tokens, vocabulary]. A condition is a prompt, where its tokenizer is loaded, or a <see cref="TokenPrompt"/>.
/// </summary>
/// <remarks>In the stream the response comes first, so that prompts of different lengths lie behind it and are filled up at the end.</remarks>
public sealed class LladaModel : INetwork
{
    private readonly DecoderModel _decoder;
    private readonly LladaBlock[] _blocks;
    private readonly Func<string, int[]>? _tokenize;
    private readonly Lazy<DecoderRotation> _places;
    private readonly ConcurrentDictionary<(int Response, int Prompt), NetworkMap> _maps = [];

    internal LladaModel(LladaConfig config, DecoderModel decoder, Func<string, int[]>? tokenize = null)
    {
        (Config, _decoder, _tokenize) = (config, decoder, tokenize);
        _blocks = [.. decoder.Layers.Select((layer, i) => new LladaBlock(i, layer))];
        _places = new(PlaceAll);
    }

    /// <summary>Reads a model in LLaDA's or Dream's layout; sizes follow from shapes, the rest from config.json.</summary>
    /// <param name="path">A folder with config.json, or a file with one beside it.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="tokenizer">Cuts prompts into tokens; null: only tokens are read.</param>
    /// <exception cref="WeightFileException">It is not there, none of these, or a tensor is missing, left over, or has another shape.</exception>
    public static LladaModel Load(string path, IBackend backend, TextTokenizer? tokenizer = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        return LladaLayouts.Read(checkpoint, backend, EncoderFiles.Config(path), tokenizer is null ? null : tokenizer.Encode);
    }

    /// <summary>Its sizes.</summary>
    public LladaConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend => _decoder.Backend;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Tokens;

    /// <inheritdoc/>
    public Shape LatentShape => [Config.Length];

    /// <inheritdoc/>
    /// <remarks>Guidance compares with the same prompt, every token of it masked.</remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        Check(condition);
        return GuidedRows.Pair(condition, new MaskedPrompt(condition), guidance);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return [.. conditions.Select(condition => new LladaPrompt(TokensOf(condition)))];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var prompt = Config.Filled(rows.Select(row => row.TokenCount).DefaultIfEmpty(0).Max());
        return latent.Rank != 1 || latent[0] < 1 ? throw new ArgumentException($"{Name} writes latents [tokens], not {latent}.", nameof(latent))
            : rows.Select(row => row.TokenCount).DefaultIfEmpty(0).Max() + latent[0] > Config.MaxTokens
            ? throw new ArgumentException(
                $"{Name} reads {Config.MaxTokens} tokens at most, not a prompt of {rows.Max(row => row.TokenCount)} and {latent[0]} more.",
                nameof(latent))
            : _maps.GetOrAdd((latent[0], prompt), sizes => LladaMap.Of(Config.Decoder, sizes.Response, sizes.Prompt));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input);
        using var scope = TensorScope.Begin();
        LladaPrompt[] prompts = [.. input.Conditions.Cast<LladaPrompt>()];
        var rows = RowsOf(input, prompts);
        var output = door.NotNull().GetOrCompute(Site.Output, Embed(input, prompts), (x, at) =>
        {
            var present = rows.Narrow(at);
            var stream = BlockChain.Run(
                input,
                x,
                present,
                (layer, h, within, wanted) => _blocks[layer].Forward(h, within, wanted, door),
                new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ForAttention(x)),
                door);
            return Finish(stream, at.NarrowRows(prompts), input.Latents.Shape[1], door);
        });
        return output.ToTensor().Escape();
    }

    /// <summary>Its layers, for tests.</summary>
    internal DecoderModel Decoder => _decoder;

    /// <summary>Logits of normalised tokens, for replays.</summary>
    internal Tensor Head(Tensor h) => _decoder.Head(h);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_places.IsValueCreated)
        {
            _places.Value.Cosines.Dispose();
            _places.Value.Sines.Dispose();
        }

        _decoder.Dispose();
    }

    // Only the response is predicted; where answers are for the token behind, the first one's stands at the prompt's last token.
    private Tensor Finish(Tensor stream, IReadOnlyList<LladaPrompt> prompts, int response, IFeatureDoor door)
    {
        if (!Config.IsShifted)
        {
            var own = _decoder.ForHead(stream);
            door.Show("norm.out", own);
            return _decoder.Head(own.Slice(1, 0, response));
        }

        var all = _decoder.ForHead(stream);
        door.Show("norm.out", all);
        int[] before =
        [
            .. prompts.SelectMany(prompt => Enumerable.Range(-1, response)
                .Select(place => place >= 0 ? place : prompt.TokenCount > 0 ? response + prompt.TokenCount - 1 : 0)),
        ];
        return _decoder.Head(all.GatherTokens(IndexTable.From(Backend, before, [prompts.Count, response])));
    }

    private Tensor Embed(NetworkInput input, LladaPrompt[] prompts)
    {
        var (response, tokens) = (input.Latents.Shape[1], input.Map.Stream[0]);
        var written = input.Latents.ToArray();
        var ids = new int[prompts.Length * tokens];
        for (var row = 0; row < prompts.Length; row++)
        {
            var own = ids.AsSpan(row * tokens, tokens);
            own.Fill(Config.MaskId);
            for (var i = 0; i < response; i++)
            {
                own[i] = IdOf(written[(row * response) + i]);
            }

            prompts[row].Tokens.CopyTo(own[response..]);
        }

        return _decoder.Embed(IndexTable.From(Backend, ids)).Reshape([prompts.Length, tokens, Config.Decoder.Channels]);
    }

    private int IdOf(float token) => token switch
    {
        -1 => Config.MaskId,
        >= 0 when token < Config.Decoder.Vocabulary => (int)token,
        _ => throw new ArgumentException(
            FormattableString.Invariant($"{Name} reads tokens 0 to {Config.Decoder.Vocabulary - 1}, or -1 for one that is not known, not {token}.")),
    };

    // The response stands behind the prompt.
    private LladaRows RowsOf(NetworkInput input, LladaPrompt[] prompts)
    {
        var (response, tokens) = (input.Latents.Shape[1], input.Map.Stream[0]);
        int[] places =
        [
            .. prompts.SelectMany(prompt => Enumerable.Range(prompt.TokenCount, response)
                .Concat(Enumerable.Range(0, prompt.TokenCount))
                .Concat(Enumerable.Repeat(0, tokens - response - prompt.TokenCount))),
        ];
        var table = IndexTable.From(Backend, places);
        Shape shape = [prompts.Length, tokens, Config.Decoder.HeadChannels / 2];
        return new LladaRows(
            [.. prompts.Select(prompt => response + prompt.TokenCount)],
            new(_places.Value.Cosines.GatherRows(table).Reshape(shape), _places.Value.Sines.GatherRows(table).Reshape(shape)));
    }

    private DecoderRotation PlaceAll()
    {
        var (head, count) = (Config.Decoder.HeadChannels, Config.MaxTokens);
        var (cosines, sines) = Config.Decoder.Rotary.Table(head, [.. Enumerable.Range(0, count)], count);
        Shape shape = [count, head / 2];
        return new(Tensor.From(Backend, cosines, shape).Retain(), Tensor.From(Backend, sines, shape).Retain());
    }

    private Condition Check(Condition condition) => condition switch
    {
        MaskedPrompt masked => new MaskedPrompt(Check(masked.Shown)),
        TokenPrompt tokens when tokens.Tokens.All(id => id >= 0 && id < Config.Decoder.Vocabulary) => tokens,
        TokenPrompt => throw new ArgumentException(
            $"{Name} knows tokens 0 to {Config.Decoder.Vocabulary - 1}; the prompt has others.", nameof(condition)),
        PromptCondition { Negative: not null } => throw new ArgumentException(
            $"{Name} follows no negative prompt: its guidance compares with the prompt masked.", nameof(condition)),
        PromptCondition when _tokenize is not null => condition,
        PromptCondition => throw new ArgumentException($"{Name} has no tokenizer; give the prompt as tokens.", nameof(condition)),
        _ => throw new ArgumentException($"{Name} continues prompts, not {condition}.", nameof(condition)),
    };

    private int[] TokensOf(Condition condition) => Check(condition) switch
    {
        MaskedPrompt masked => [.. TokensOf(masked.Shown).Select(_ => Config.MaskId)],
        TokenPrompt tokens => [.. tokens.Tokens],
        PromptCondition prompt => _tokenize!(prompt.Text),
        var other => throw new ArgumentException($"{Name} continues prompts, not {other}.", nameof(condition)),
    };

    private void CheckRows(NetworkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.Latents.Shape;
        if (shape.Rank != 2 || input.Conditions.Count != shape[0] || input.Conditions.Any(condition => condition is not LladaPrompt)
            || input.Map.Output[0] != shape[1])
        {
            throw new ArgumentException(
                $"{Name} reads latents [rows, tokens] with a prompt that it encoded per row, not {shape} with {input.Conditions.Count}.");
        }
    }

    /// <summary>A prompt as its tokens.</summary>
    private sealed class LladaPrompt(int[] tokens) : EncodedCondition
    {
        public int[] Tokens => tokens;

        public override int TokenCount => tokens.Length;

        public override long ByteCount => sizeof(int) * (long)tokens.Length;
    }
}
