using Augur.Conditioning.Text;
using Augur.Conditioning.Text.Tokenization;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Conditioning.Text;

public sealed class PromptEncoderTests : IDisposable
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private static readonly string[] s_prompts = ["a test", "", "that was the best test of all the tests that the rest", "a test"];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public static TheoryData<string> Encoders => ["flux", "sd3", "sd3 without t5", "sdxl", "sd", "pixart", "qwen-image", "z-image", "flux2"];

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Batch_equals_singles_with_prompts_of_different_lengths(string name)
    {
        using (var encoder = Make(name))
        {
            var batch = encoder.Encode(s_prompts);
            Assert.Equal(s_prompts.Length, batch.Count);
            Assert.All(s_prompts.Zip(batch), text => Assert.Equal(Assert.Single(encoder.Encode([text.First])), text.Second));
            Assert.NotEqual(batch[0], batch[1]);
            Assert.Equal(batch[0], batch[3]);
            Assert.True(encoder.ByteCount > 0 && encoder.ByteCount <= _backend.BytesInUse);
        }

        Assert.Equal(0, _backend.BytesInUse);
    }

    [Theory]
    [InlineData("flux", 20, 32, 32)]
    [InlineData("sd3", 36, 96, 72)] // CLIP's and T5's
    [InlineData("sd3 without t5", 32, 96, 72)] // as many zeros as CLIP has tokens
    [InlineData("sdxl", 16, 72, 40)]
    [InlineData("sd", 16, 32, 0)]
    [InlineData("pixart", 4, 32, 0)] // its own tokens and its end
    [InlineData("z-image", 25, 48, 0)]
    [InlineData("flux2", 512, 96, 0)]
    public void Embedding_has_the_tokens_and_channels_of_the_released_pipeline(string name, int tokens, int channels, int pooled)
    {
        using var encoder = Make(name);
        var text = encoder.Encode(["a test"])[0];
        Assert.Equal((tokens, channels, pooled), (text.TokenCount, text.Channels, text.Pooled.Length));
        Assert.Null(text.Warning);
    }

    [Theory]
    [InlineData("flux", "T5 reads the first 19 of")]
    [InlineData("sd", "CLIP reads the first 14 of")]
    [InlineData("z-image", "reads the first 512 of")]
    public void Long_prompt_is_cut_and_says_so(string name, string said)
    {
        using var encoder = Make(name);
        var prompt = string.Concat(Enumerable.Repeat("thisisalongprompt", 40));
        var text = encoder.Encode([prompt])[0];
        Assert.Contains(said, text.Warning);
        Assert.Equal(text, encoder.Encode([prompt + "moreofit"])[0]);
    }

    [Fact]
    public void Templates_of_Qwen_models_stand_around_the_prompt()
    {
        using var z = (ZImagePromptEncoder)Make("z-image");
        using var model = Decoder();
        using var scope = TensorScope.Begin();
        var ids = ChatTokenizer().Encode("<|im_start|>user\na test<|im_end|>\n<|im_start|>assistant\n");
        Assert.Equal(model.HiddenStates([ids], [2])[0].ToArray(), z.Encode(["a test"])[0].Tokens.ToArray());
    }

    [Fact]
    public void Pooled_vector_of_FLUX_without_Clip_is_the_mean_of_the_texts_own_tokens()
    {
        using var encoder = new FluxPromptEncoder(null, T5());
        var text = encoder.Encode(["a test"])[0];
        var own = T5Count("a test");
        Assert.Equal(20, text.TokenCount);
        Assert.InRange(own, 2, 19);
        for (var channel = 0; channel < text.Channels; channel++)
        {
            var mean = Enumerable.Range(0, own).Average(i => text.Tokens[(i * text.Channels) + channel]);
            Assert.Equal(mean, text.Pooled[channel], 1e-5);
        }
    }

    // With the end behind it.
    private static int T5Count(string prompt) =>
        TextTokenizer.Load(Fixtures.Path("tokenizers/sp_t5_layout_unigram.model")).Encode(prompt).Length + 1;

    [Fact]
    public void Tokenizer_with_more_tokens_than_its_encoder_is_refused()
    {
        using var encoder = T5Encoder.Load(Fixtures.Path("text-encoders/t5_weights.safetensors"), _backend);
        var tokenizer = TextTokenizer.Load(Fixtures.Path("tokenizers/sp_en_unigram.model"));
        Assert.Contains("1000 tokens", Assert.Throws<WeightFileException>(() => new T5Prompts(tokenizer, encoder, 20)).Message);
    }

    private IPromptEncoder Make(string name) => name switch
    {
        "flux" => new FluxPromptEncoder(Clip("text-encoders/clip", 32), T5()),
        "sd3" => new Sd3PromptEncoder(Clip("text-encoders/clip", 32), Clip("sd-clip/bigg", 40), WideT5(), channels: 96),
        "sd3 without t5" => new Sd3PromptEncoder(Clip("text-encoders/clip", 32), Clip("sd-clip/bigg", 40), t5: null, channels: 96),
        "sdxl" => new SdxlPromptEncoder(Clip("text-encoders/clip", 32), Clip("sd-clip/bigg", 40)),
        "sd" => new StableDiffusionPromptEncoder(Clip("text-encoders/clip", 32)),
        "pixart" => new PixArtPromptEncoder(T5()),
        "qwen-image" => new QwenImagePromptEncoder(ChatTokenizer(), Decoder()),
        "z-image" => new ZImagePromptEncoder(ChatTokenizer(), Decoder()),
        _ => new Flux2PromptEncoder(ChatTokenizer(), Decoder(), [1, 3]),
    };

    private T5Prompts T5() => new(
        TextTokenizer.Load(Fixtures.Path("tokenizers/sp_t5_layout_unigram.model")),
        T5Encoder.Load(Fixtures.Path("text-encoders/t5_weights.safetensors"), _backend),
        maxTokens: 20);

    // The first T5's feed-forward part, ReLU without a gate, with random weights.
    private T5Prompts WideT5()
    {
        const int Channels = 96, Inner = 16, Mlp = 20, Heads = 2;
        var (writer, random) = (new SafetensorsWriter(), new Random(1));
        (string Name, Shape Shape)[] tensors =
        [
            ("shared", [30, Channels]), ("encoder.final_layer_norm", [Channels]),
            .. from part in new[] { "q", "k", "v" } select ($"encoder.block.0.layer.0.SelfAttention.{part}", new Shape(Inner, Channels)),
            ("encoder.block.0.layer.0.SelfAttention.o", [Channels, Inner]),
            ("encoder.block.0.layer.0.SelfAttention.relative_attention_bias", [32, Heads]),
            ("encoder.block.0.layer.0.layer_norm", [Channels]), ("encoder.block.0.layer.1.layer_norm", [Channels]),
            ("encoder.block.0.layer.1.DenseReluDense.wi", [Mlp, Channels]), ("encoder.block.0.layer.1.DenseReluDense.wo", [Channels, Mlp]),
        ];
        foreach (var (name, shape) in tensors)
        {
            float[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextSingle() - 0.5f)];
            writer.Add($"{name}.weight", values, shape);
        }

        using var checkpoint = Checkpoint.FromBytes("t5.safetensors", writer.ToArray());
        var tokenizer = TextTokenizer.Load(Fixtures.Path("tokenizers/sp_t5_layout_unigram.model"));
        return new T5Prompts(tokenizer, T5Encoder.Read(checkpoint, _backend), maxTokens: 20);
    }

    private ClipPrompts Clip(string weights, int channels)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"{weights}_weights.safetensors"));
        var encoder = ClipTextEncoder.Read(checkpoint, _backend, sizes => sizes with { Heads = channels / 8 }, prefix: "");
        var ids = Letters.Select(c => c.ToString()).Concat(Letters.Select(c => c + VocabularyFiles.WordEnd))
            .Append(VocabularyFiles.ClipStart).Append(VocabularyFiles.ClipEnd)
            .Select((token, i) => (token, i)).ToDictionary(t => t.token, t => t.i);
        var model = new BpeModel("vocab.json", ids, [], new BpeSettings(new("[a-z]+"), DropsOthers: true, VocabularyFiles.WordEnd));
        AddedToken[] added = [new(VocabularyFiles.ClipStart, 52), new(VocabularyFiles.ClipEnd, 53)];
        return new ClipPrompts(new TextTokenizer(new TokenizerParts(model, null, added), new SpecialTokens()), encoder);
    }

    private DecoderModel Decoder()
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama-core/qwen3_weights.safetensors"));
        return DecoderModel.Read(checkpoint, _backend);
    }

    // A token for every byte that the templates have.
    private static TextTokenizer ChatTokenizer()
    {
        var characters = Letters + "DT:,.<>/_|ĠĊ";
        var ids = characters.Select((c, i) => (c, i)).ToDictionary(t => t.c.ToString(), t => t.i);
        AddedToken[] added = [new("<|im_start|>", 90), new("<|im_end|>", 91), new("<|endoftext|>", 92)];
        return new TextTokenizer(
            new TokenizerParts(new BpeModel("vocab.json", ids, [], new BpeSettings(null)), null, added), new SpecialTokens());
    }
}
