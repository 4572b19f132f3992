using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Conditioning.Text;

public sealed class TextEncoderTests
{
    private static readonly int[][] s_rows = [[3, 7, 1], [5], [9, 8, 7, 6, 5, 4, 3, 2, 11], [3, 7]];

    [Theory]
    [InlineData("text-encoders/t5_weights.safetensors")]
    [InlineData("umt5/weights.safetensors")]
    public void T5s_batch_equals_singles_with_texts_of_different_lengths(string weights)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (var encoder = T5Encoder.Load(Fixtures.Path(weights), backend))
        {
            BatchEqualsSingles(rows => encoder.Encode(rows));
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void Clips_batch_equals_singles_with_texts_of_different_lengths()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (var checkpoint = Checkpoint.Open(Fixtures.Path("sd-clip/bigg_weights.safetensors")))
        using (var encoder = ClipTextEncoder.Read(checkpoint, backend, sizes => sizes with { Heads = 5 }, prefix: ""))
        {
            BatchEqualsSingles(rows => encoder.Encode(rows, 1).Hidden);
            using var scope = TensorScope.Begin();
            var pooled = encoder.Encode(s_rows).Projected!;
            Assert.All(
                s_rows.Select((row, i) => (row, i)),
                text => Assert.Equal(encoder.Encode([text.row]).Projected!.ToArray(), pooled.Rows(text.i, 1).ToArray()));
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Theory]
    [InlineData("qwen2", RotaryScaling.None)]
    [InlineData("qwen3", RotaryScaling.Yarn)]
    [InlineData("llama3", RotaryScaling.Dynamic)]
    public void Decoders_batch_equals_singles_with_texts_of_different_lengths(string name, RotaryScaling scaling)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (var model = Decoder(name, backend, scaling, new DecoderParts(HasHead: true)))
        {
            BatchEqualsSingles(rows => model.Logits(rows));
            BatchEqualsSingles(rows => model.HiddenStates(rows, [1])[0]);
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void Decoder_of_which_fewer_layers_were_read_gives_the_same_hidden_states()
    {
        using var backend = new CpuBackend();
        using (var whole = Decoder("qwen3", backend, RotaryScaling.None, default))
        using (var part = Decoder("qwen3", backend, RotaryScaling.None, new DecoderParts(-1)))
        {
            Assert.Equal(2, part.LayerCount);
            Assert.True(part.ByteCount < whole.ByteCount);
            using var scope = TensorScope.Begin();
            var (all, some) = (whole.HiddenStates(s_rows, [0, 2, 3, 2]), part.HiddenStates(s_rows, [0, 2]));
            Assert.Equal(all[0].ToArray(), some[0].ToArray());
            Assert.Equal(all[1].ToArray(), some[1].ToArray());
            Assert.Same(all[1], all[3]);
            Assert.Throws<ArgumentException>(() => part.HiddenStates(s_rows, [3]));
            Assert.Throws<InvalidOperationException>(() => part.Logits(s_rows));
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void What_follows_a_short_text_attends_to_the_text_alone()
    {
        using var backend = new CpuBackend();
        using var model = Decoder("qwen3", backend, RotaryScaling.None, default);
        using var scope = TensorScope.Begin();
        var filled = model.HiddenStates([[3, 7]], [2], fill: 96, length: 5)[0];
        Assert.Equal(new Shape(1, 5, model.Config.Channels), filled.Shape);
        var seen = model.HiddenStates([[3, 7, 96]], [2])[0]; // here the third token sees itself too
        Assert.Equal(Token(seen, 1), Token(filled, 1));
        Assert.NotEqual(Token(seen, 2), Token(filled, 2));
    }

    [Theory]
    [InlineData(new int[0], "row 0 has no token")]
    [InlineData(new[] { 90 }, "token 90")]
    [InlineData(new[] { 1, -1 }, "token -1")]
    public void Wrong_tokens_are_an_argument_error(int[] row, string said)
    {
        using var backend = new CpuBackend();
        using var encoder = T5Encoder.Load(Fixtures.Path("text-encoders/t5_weights.safetensors"), backend);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => encoder.Encode([row])).Message);
        Assert.Throws<ArgumentException>(() => encoder.Encode([]));
    }

    [Fact]
    public void Weights_of_another_model_are_refused_in_one_sentence()
    {
        using var backend = new CpuBackend();
        var t5 = Fixtures.Path("text-encoders/t5_weights.safetensors");
        Assert.Contains("CLIP", Assert.Throws<WeightFileException>(() => ClipTextEncoder.Load(t5, backend)).Message);
        Assert.Contains("decoder", Assert.Throws<WeightFileException>(() => DecoderModel.Load(t5, backend)).Message);
        var clip = Fixtures.Path("sd-clip/clip_l_weights.safetensors");
        Assert.Contains("T5", Assert.Throws<WeightFileException>(() => T5Encoder.Load(clip, backend)).Message);
        Assert.Equal(0, backend.BytesInUse);
    }

    [Theory]
    [InlineData("""{ "d_model": 33 }""", "33")]
    [InlineData("""{ "feed_forward_proj": "relu" }""", "gate")]
    [InlineData("""{ "feed_forward_proj": "gated-tanh" }""", "gated-tanh")]
    public void Configuration_that_does_not_fit_the_weights_is_refused(string json, string said)
    {
        using var backend = new CpuBackend();
        using var checkpoint = Checkpoint.Open(Fixtures.Path("text-encoders/t5_weights.safetensors"));
        var config = ForeignJson.Parse("config.json", System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Contains(said, Assert.Throws<WeightFileException>(() => T5Encoder.Read(checkpoint, backend, config)).Message);
        Assert.Equal(0, backend.BytesInUse);
    }

    private static DecoderModel Decoder(string name, CpuBackend backend, RotaryScaling scaling, DecoderParts parts)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"llama-core/{name}_weights.safetensors"));
        var rotary = new RotaryConfig { Scaling = scaling, Factor = 2, TrainedLength = 4 };
        return DecoderModel.Read(checkpoint, backend, name == "qwen2" ? 8 : 16, sizes => sizes with { Rotary = rotary }, parts, prefix: "");
    }

    private static void BatchEqualsSingles(Func<IReadOnlyList<int[]>, Tensor> encode)
    {
        using var scope = TensorScope.Begin();
        var batch = encode(s_rows);
        for (var i = 0; i < s_rows.Length; i++)
        {
            var own = batch.Rows(i, 1).Reshape([batch.Shape[1], batch.Shape[2]]).Rows(0, s_rows[i].Length);
            Assert.Equal(encode([s_rows[i]]).ToArray(), own.ToArray());
        }
    }

    private static float[] Token(Tensor states, int token) => states.Reshape([states.Shape[1], states.Shape[2]]).Rows(token, 1).ToArray();
}
