using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Models.UNet;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.UNet;

public sealed class UNetLayoutTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("sd", "")]
    [InlineData("sd", "model.diffusion_model.")]
    [InlineData("sdxl", "")]
    [InlineData("sdxl", "model.diffusion_model.")]
    public void What_is_expected_is_what_a_file_of_the_layout_holds(string name, string prefix)
    {
        using var checkpoint = File(name, prefix.Length > 0, _ => true);
        Assert.True(UNetLayouts.Is(checkpoint));
        Assert.Equal(prefix.Length > 0, UNetLayouts.IsOriginal(checkpoint));
        var expected = UNetLayouts.Expected(checkpoint, SmallUNet.Config(name));
        Assert.Equal(checkpoint.Tensors.Keys.Order(), expected.Keys.Order());
        Assert.All(checkpoint.Tensors, tensor => Assert.Equal(expected[tensor.Key], tensor.Value.Shape));
    }

    [Theory]
    [InlineData("sd", false)]
    [InlineData("sd", true)]
    [InlineData("sdxl", false)]
    [InlineData("sdxl", true)]
    public void Shapes_tell_all_sizes_but_heads_and_groups(string name, bool isOriginal)
    {
        using var checkpoint = File(name, isOriginal, _ => true);
        var (inferred, given) = (UNetLayouts.Infer(checkpoint), SmallUNet.Config(name));
        Assert.Equal(given.BlockChannels.AsEnumerable(), inferred.BlockChannels);
        Assert.Equal(given.TransformerDepths.AsEnumerable(), inferred.TransformerDepths);
        Assert.Equal(
            (given.InChannels, given.OutChannels, given.LayersPerBlock, given.MiddleDepth, given.CrossChannels, given.HasLinearProjections),
            (inferred.InChannels, inferred.OutChannels, inferred.LayersPerBlock, inferred.MiddleDepth, inferred.CrossChannels,
                inferred.HasLinearProjections));
        Assert.Equal(
            (given.PooledChannels, given.SizeCount, given.SizeChannels), name == "sd" ? (0, 6, 256)
                : (inferred.PooledChannels, inferred.SizeCount, inferred.SizeChannels));
    }

    [Fact]
    public void A_whole_model_in_one_file_gives_its_network_and_keeps_what_else_it_holds()
    {
        using var checkpoint = File("sd", isOriginal: true, _ => true, ("first_stage_model.decoder.conv_in.bias", [3]));
        using var model = UNetLayouts.Load(checkpoint, _backend, _ => SmallUNet.Config("sd"));
        Assert.Equal(11, model.Describe(model.LatentShape, []).BlockCount);
    }

    [Fact]
    public void A_released_layout_of_a_whole_model_runs_as_the_original_code_ran_it()
    {
        using var forward = Checkpoint.Open(Fixtures.Path("single-file/forward.safetensors"));
        using var checkpoint = Checkpoint.Open(Fixtures.Path("single-file/sd15.safetensors"));
        Assert.True(UNetLayouts.Is(checkpoint));
        using var model = UNetLayouts.Load(checkpoint, _backend, c => c with { NormGroups = 4, HeadCounts = [2, 2, 2, 2] });
        using var scope = TensorScope.Begin();
        var context = forward.Tensors["sd15.context"];
        var rows = model.Encode([.. context.ToSingles().Chunk(context.Shape[1] * context.Shape[2])
            .Select(text => new PromptEmbedding([.. text], context.Shape[2], []))]);
        var latents = Tensor.From(_backend, forward.Tensors["sd15.sample"].ToSingles(), forward.Tensors["sd15.sample"].Shape);
        float[] times = [.. forward.Tensors["sd15.timestep"].ToInt64s().Select(t => (float)t)];
        var answer = model.Predict(new(model.Describe([4, 8, 8], rows), latents, times, rows), ComputeEverything.Instance).ToArray();
        var expected = forward.Tensors["sd15.unet.out"].ToSingles();
        Assert.All(answer.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * expected.Max(Math.Abs)));
        foreach (var row in rows)
        {
            row.Dispose();
        }
    }

    [Theory]
    [InlineData(false, "up_blocks.1.attentions.2.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData(true, "output_blocks.5.1.transformer_blocks.0.attn2.to_k.weight")]
    public void A_tensor_that_is_missing_is_named(bool isOriginal, string lost)
    {
        using var checkpoint = File("sd", isOriginal, name => !name.EndsWith(lost, StringComparison.Ordinal));
        var error = Assert.Throws<WeightFileException>(() => UNetLayouts.Load(checkpoint, _backend, _ => SmallUNet.Config("sd")));
        Assert.Contains($"{lost}' is missing", error.Message);
    }

    [Fact]
    public void A_tensor_without_a_place_is_named()
    {
        using var checkpoint = File("sd", isOriginal: false, _ => true, ("class_embedding.weight", [3, 4]));
        var error = Assert.Throws<WeightFileException>(() => UNetLayouts.Load(checkpoint, _backend, _ => SmallUNet.Config("sd")));
        Assert.Contains("1 tensors have no place in U-Net 16-32-32, first 'class_embedding.weight'", error.Message);
    }

    [Fact]
    public void Sizes_that_do_not_fit_each_other_are_refused_with_both_numbers()
    {
        using var checkpoint = File("sd", isOriginal: false, _ => true);
        var error = Assert.Throws<WeightFileException>(() => UNetLayouts.Load(checkpoint, _backend)); // 32 groups
        Assert.Contains("A Stable Diffusion U-Net cannot have 16 channels in 32 groups.", error.Message);
    }

    [Fact]
    public void An_inpainting_network_reads_a_mask_and_the_masked_picture_beside_the_latent()
    {
        using var checkpoint = File("sd", isOriginal: false, name => name != "conv_in.weight", ("conv_in.weight", [16, 9, 3, 3]));
        using var model = UNetLayouts.Load(checkpoint, _backend, c => SmallUNet.Config("sd") with { InChannels = c.InChannels });
        Assert.Equal((9, 5), (model.Config.InChannels, model.Config.ExtraChannels));
        var text = SmallUNet.Text(3);
        Assert.StartsWith(
            "U-Net 16-32-32 reads 5 channels beside the latent's 4 (UNetCondition.Extra), and none are given.",
            Assert.Throws<ArgumentException>(() => model.Guide(text, new(2))).Message);
        var rows = model.Guide(new UNetCondition(text) { Extra = [.. Enumerable.Range(0, 5 * 64).Select(i => MathF.Sin(i))] }, new(2));
        Assert.Equal(2, rows.Count);
        Assert.True(model.IsInpainting);
        float[] mask = [.. Enumerable.Repeat(1f, 64)];
        var read = (UNetCondition)model.Inpaint(text, new ReferenceLatent([.. new float[4 * 64]], [4, 8, 8]), mask);
        float[] beside = [.. mask, .. new float[4 * 64]]; // the mask stands first
        Assert.Equal(beside, read.Extra.ToArray());
        using var scope = TensorScope.Begin();
        var encoded = model.Encode(rows.Conditions);
        var latents = Tensor.Full(_backend, [2, 4, 8, 8], 0.5f);
        var answer = model.Predict(new(model.Describe([4, 8, 8], encoded), latents, [9, 9], encoded), ComputeEverything.Instance);
        Assert.Equal(new Shape(2, 4, 8, 8), answer.Shape);
        Assert.Contains("480 numbers, not 320", Assert.Throws<ArgumentException>(() => model.Describe([4, 8, 12], encoded)).Message);
        foreach (var row in encoded)
        {
            row.Dispose();
        }
    }

    [Theory]
    [InlineData("\"class_embed_type\": \"timestep\"", "class_embed_type is set, and networks with it are not built.")]
    [InlineData("\"dual_cross_attention\": true", "dual_cross_attention is true; only false is built.")]
    [InlineData("\"only_cross_attention\": [false, true, true]", "only_cross_attention is true; only false is built.")]
    [InlineData("\"act_fn\": \"gelu\"", "act_fn is 'gelu'; only 'silu' is built.")]
    [InlineData("\"flip_sin_to_cos\": false", "flip_sin_to_cos is false; only true is built.")]
    [InlineData("\"mid_block_type\": \"UNetMidBlock2D\"", "mid_block_type is 'UNetMidBlock2D'; 'UNetMidBlock2DCrossAttn' is built.")]
    [InlineData("\"attention_head_dim\": [1, 2]", "attention_head_dim has 2 entries for 4 levels.")]
    [InlineData("\"attention_head_dim\": 7", "A Stable Diffusion U-Net cannot have 7 heads on 320 channels.")]
    [InlineData("\"down_block_types\": [\"AttnDownBlock2D\"]", "down_block_types[0] is 'AttnDownBlock2D'")]
    [InlineData("\"_class_name\": \"UNet2DModel\"", "_class_name is 'UNet2DModel'; 'UNet2DConditionModel' is built.")]
    [InlineData("\"block_out_channels\": []", "block_out_channels has 0 entries; 1 to 8 levels are built.")]
    [InlineData("\"addition_embed_type\": \"text\"", "addition_embed_type is 'text'; 'text_time' is built.")]
    public void A_configuration_of_another_network_is_refused_by_the_field(string field, string sentence)
    {
        var json = Encoding.UTF8.GetBytes($"{{{field}}}");
        var error = Assert.Throws<WeightFileException>(() => UNetConfigFile.Read(ForeignJson.Parse("unet/config.json", json)));
        Assert.Contains(sentence, error.Message);
        Assert.StartsWith("unet/config.json: ", error.Message);
    }

    [Fact]
    public void Published_configurations_are_those_networks()
    {
        Assert.Equal("Stable Diffusion 1", Read("\"cross_attention_dim\": 768").ToString());
        var second = Read(
            "\"cross_attention_dim\": 1024, \"attention_head_dim\": [5, 10, 20, 20], \"use_linear_projection\": true, \"sample_size\": 96");
        Assert.Equal(("Stable Diffusion 2", 96, true), (second.ToString(), second.LatentHeight, second.HasLinearProjections));
        var large = Read("""
            "cross_attention_dim": 2048, "block_out_channels": [320, 640, 1280], "attention_head_dim": [5, 10, 20],
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "transformer_layers_per_block": [1, 2, 10],
            "use_linear_projection": true, "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": 2816, "sample_size": 128, "upcast_attention": null, "num_class_embeds": null
            """);
        Assert.Equal(("SDXL", 1280, 10, 6), (large.ToString(), large.PooledChannels, large.MiddleDepth, large.SizeCount));
        Assert.Equal([0, 2, 10], large.TransformerDepths.AsEnumerable());

        static UNetConfig Read(string fields) =>
            UNetConfigFile.Read(ForeignJson.Parse("config.json", Encoding.UTF8.GetBytes($"{{{fields}}}")), Prediction.Velocity);
    }

    [Fact]
    public void A_network_that_is_told_the_guidance_scale_takes_one_row_whatever_the_scale()
    {
        const string Map = "time_embedding.cond_proj.weight";
        using var checkpoint = File("sd", isOriginal: false, _ => true, (Map, [SmallUNet.Config("sd").BlockChannels[0], 256]));
        var config = UNetLayouts.Infer(checkpoint);
        Assert.Equal(256, config.GuidanceChannels);
        Assert.Contains(Map, UNetLayouts.Expected(checkpoint, config).Keys);
        using var model = UNetLayouts.Load(
            checkpoint, _backend, inferred => SmallUNet.Config("sd") with { GuidanceChannels = inferred.GuidanceChannels });
        var rows = model.Guide(SmallUNet.Text(4) with { Negative = null }, new Guidance(8));
        Assert.Equal((1, (float?)8), (rows.Count, rows.Embedded));

        // w = 3: sin and cos of 2000 · 10000^(−i/127).
        using var scope = TensorScope.Begin();
        var told = UNetEmbeddings.Guidance(_backend, [3, 1], 256).ToArray();
        Assert.Equal(Math.Sin(2000), told[0], 1e-5);
        Assert.Equal(Math.Cos(2000), told[128], 1e-5);
        Assert.Equal(Math.Sin(0.2), told[127], 1e-5);
        Assert.All(told[256..384], sine => Assert.Equal(0, sine));
        Assert.All(told[384..], cosine => Assert.Equal(1, cosine));
    }

    // The weights of a fixture in a layout, without some tensors, with others of zeros.
    private static Checkpoint File(string name, bool isOriginal, Func<string, bool> keeps, params (string Name, Shape Shape)[] more)
    {
        using var names = JsonDocument.Parse(System.IO.File.ReadAllBytes(Fixtures.Path($"sd-unet/{name}_key_map.json")));
        using var checkpoint = Checkpoint.Open(SmallUNet.Weights(name));
        var writer = new SafetensorsWriter();
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            var called = isOriginal ? names.RootElement.GetProperty(tensor.Name).GetString()! : tensor.Name;
            if (keeps(called))
            {
                writer.Add(called, tensor.ToSingles(), tensor.Shape);
            }
        }

        foreach (var (called, shape) in more)
        {
            writer.Add(called, new float[shape.ElementCount], shape);
        }

        return Checkpoint.FromBytes("weights.safetensors", writer.ToArray());
    }
}
