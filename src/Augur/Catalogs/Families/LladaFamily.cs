using System.Globalization;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models.Llada;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Catalogs.Families;

/// <summary>Masked diffusion language models: LLaDA and Dream, in folders of Hugging Face and in GGUF files.</summary>
internal sealed class LladaFamily : IModelFamily
{
    private const string TokenizerFiles = "tokenizer.json, or vocab.json with merges.txt, of the model's folder";

    public string Name => "LLaDA";

    public bool Writes => true;

    // Dream's tensors are those of Qwen2, which reads prompts for others: the configuration tells them apart.
    public bool Recognises(Checkpoint network) => LladaLayouts.Is(network, ConfigOf(network.Path));

    public string? GgufArchitecture(Checkpoint network) => DescribeForGguf(network).Architecture;

    public GgufDescription DescribeForGguf(Checkpoint network) =>
        LladaLayouts.DescribeForGguf(LladaLayouts.ConfigOf(network, ConfigOf(network.Path)));

    public NetworkSheet Describe(ModelParts parts, Checkpoint network)
    {
        var config = LladaLayouts.ConfigOf(network, ConfigOf(network.Path));
        var sizes = config.Decoder;
        var flops = LladaMap.Of(sizes, config.Length, config.Length).FlopsPerRow;
        return new(
            $"{config.ToString().Split(' ')[0]}, a masked diffusion language model",
            new Dictionary<string, string>
            {
                ["text"] = $"{config.MaxTokens} tokens at most, prompt and response together; {sizes.Vocabulary} different ones",
                ["layers"] = $"{sizes.Layers} of width {sizes.Channels} with {sizes.Heads} heads"
                    + (sizes.KeyHeads == sizes.Heads ? "" : $" over {sizes.KeyHeads} of keys") + $", feed-forward {sizes.MlpSize}",
                ["mask"] = $"token {config.MaskId}",
                ["answers"] = config.IsShifted ? "for the token behind each place" : "for the token at each place",
                ["cost"] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{flops / 1e9:0.00} GFLOP per row and call with {config.Length} tokens given and {config.Length} written (a multiply-add is 2)"),
            },
            LladaLayouts.Expected(network, config))
        {
            Parts = new Dictionary<string, string> { ["tokenizer"] = Tokenizer(parts)?.Path ?? $"missing: {TokenizerFiles}, for --tokenizer." },
        };
    }

    public DiffusionModel Load(ModelParts parts, IBackend backend, ModelOptions options)
    {
        var part = Tokenizer(parts) ?? throw new WeightFileException(
            $"{parts.Path}: this model writes texts; give its tokenizer ({TokenizerFiles}) with --tokenizer.");
        var tokenizer = TextTokenizer.Load(part.Path);
        var chat = ChatFormat.Find(part.Path, tokenizer);
        using var weights = parts.Network.Open();
        var network = LladaLayouts.Read(weights, backend, ConfigOf(weights.Path), tokenizer.Encode);
        if (tokenizer.VocabularySize > network.Config.Decoder.Vocabulary)
        {
            network.Dispose();
            throw new WeightFileException(
                $"{part.Path}: has {tokenizer.VocabularySize} tokens, but the network knows {network.Config.Decoder.Vocabulary}.");
        }

        int?[] usual = [tokenizer.EndId, tokenizer.Find("<|eot_id|>"), tokenizer.Find("<|im_end|>")];
        int[] ends = [.. network.Config.EndIds, .. usual.OfType<int>()];
        var (length, isShifted) = (network.Config.Length, network.Config.IsShifted);
        return new DiffusionModel(
            network,
            new TokenDecoder(ids => tokenizer.Decode(ids, withSpecial: false), [.. ends.Distinct()]),
            null,
            new GenerationDefaults(isShifted ? new DreamSampler() : new LladaSampler(), length, new Guidance(1)))
        {
            Path = parts.Path,
            MethodOf = new ModelMethods(parts.Path).Choose,
            WeightsChoice = weights.Choice,
            Tokenizer = tokenizer,
            Chat = chat,
        };
    }

    private static TokenizerPart? Tokenizer(ModelParts parts) => parts.Tokenizers.Count > 0 ? parts.Tokenizers[0] : null;

    // What cannot be read says nothing of a model here; whoever loads it says what is wrong.
    private static ForeignJson? ConfigOf(string path)
    {
        try
        {
            return EncoderFiles.Config(path);
        }
        catch (WeightFileException)
        {
            return null;
        }
    }
}
