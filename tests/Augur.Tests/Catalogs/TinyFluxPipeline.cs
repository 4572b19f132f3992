using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>
/// FLUX.1 with random weights, small enough for a test, in each layout in which people have it: a pipeline folder of diffusers, one file with all
/// parts, and parts by themselves. Two pixels a latent cell.
/// </summary>
internal sealed class TinyFluxPipeline : IDisposable
{
    private const int Width = 128; // one head, whose position axes are the published ones
    private const int ClipWidth = 64; // one head of CLIP
    private const int T5Width = 32;
    private const int Mlp = 64;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes every layout.</summary>
    /// <param name="hasGuidance">dev; otherwise schnell.</param>
    public TinyFluxPipeline(bool hasGuidance = true)
    {
        var (transformer, clip, t5, vae) = (Transformer(hasGuidance), TinyParts.Clip(ClipWidth), TinyParts.T5(T5Width), TinyParts.Autoencoder(16));
        WriteConfigs(hasGuidance);
        Diffusers(transformer).Save(In("transformer", "diffusion_pytorch_model.safetensors"));
        clip.Save(In("text_encoder", "model.safetensors"));
        t5.Save(In("text_encoder_2", "model.safetensors"));
        vae.Save(In("vae", "diffusion_pytorch_model.safetensors"));
        foreach (var folder in (string[])[Pipeline, System.IO.Path.Combine(_folder.Path, "tokens")])
        {
            TinyParts.WriteClipTokenizer(System.IO.Path.Combine(folder, "tokenizer"));
            TinyParts.WriteT5Tokenizer(System.IO.Path.Combine(folder, "tokenizer_2"));
        }

        Network = transformer.Save(_folder.File("parts/a.safetensors"));
        ClipFile = clip.Save(_folder.File("parts/b.safetensors"));
        T5File = t5.Save(_folder.File("parts/c.safetensors"));
        VaeFile = vae.Save(_folder.File("parts/d.safetensors"));
        OtherT5File = TinyParts.T5(48).Save(_folder.File("parts/e.safetensors"));
        AllInOne = _folder.File("all/in-one.safetensors");
        Directory.CreateDirectory(_folder.File("all"));
        var all = transformer.Into(new SafetensorsWriter(), "model.diffusion_model.");
        vae.Into(clip.Into(t5.Into(all, "text_encoders.t5xxl.transformer."), "text_encoders.clip_l.transformer."), "vae.")
            .Add("text_encoders.clip_l.logit_scale", [1f], [1])
            .Save(AllInOne);
    }

    /// <summary>The pipeline folder.</summary>
    public string Pipeline => _folder.File("pipeline");

    public string AllInOne { get; }

    public string Network { get; }

    public string ClipFile { get; }

    public string T5File { get; }

    /// <summary>A T5 that is too wide.</summary>
    public string OtherT5File { get; }

    public string VaeFile { get; }

    public string ClipTokenizer => _folder.File("tokens/tokenizer");

    public string T5Tokenizer => _folder.File("tokens/tokenizer_2");

    public string File(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    private string In(string part, string file) => System.IO.Path.Combine(Pipeline, part, file);

    private static TinyWeightsFile Transformer(bool hasGuidance)
    {
        var file = new TinyWeightsFile().Linear("img_in", Width, 64).Linear("txt_in", Width, T5Width);
        foreach (var (name, inputs) in ((string, int)[])[("time_in", 256), ("vector_in", ClipWidth), ("guidance_in", 256)])
        {
            if (hasGuidance || name != "guidance_in")
            {
                file.Linear($"{name}.in_layer", Width, inputs).Linear($"{name}.out_layer", Width, Width);
            }
        }

        foreach (var group in (string[])["double_blocks.0.img", "double_blocks.0.txt"])
        {
            file.Linear($"{group}_mod.lin", 6 * Width, Width).Linear($"{group}_attn.qkv", 3 * Width, Width).Linear($"{group}_attn.proj", Width, Width)
                .Norm($"{group}_attn.norm.query_norm", Width, bias: false, "scale").Norm($"{group}_attn.norm.key_norm", Width, bias: false, "scale")
                .Linear($"{group}_mlp.0", Mlp, Width).Linear($"{group}_mlp.2", Width, Mlp);
        }

        return file.Linear("single_blocks.0.modulation.lin", 3 * Width, Width).Linear("single_blocks.0.linear1", (3 * Width) + Mlp, Width)
            .Linear("single_blocks.0.linear2", Width, Width + Mlp)
            .Norm("single_blocks.0.norm.query_norm", Width, bias: false, "scale").Norm("single_blocks.0.norm.key_norm", Width, bias: false, "scale")
            .Linear("final_layer.adaLN_modulation.1", 2 * Width, Width).Linear("final_layer.linear", 64, Width);
    }

    // The same network under diffusers' names: queries, keys and values apart, scale before shift at the end.
    private static TinyWeightsFile Diffusers(TinyWeightsFile original)
    {
        var file = new TinyWeightsFile();
        Move("img_in", "x_embedder", 64);
        Move("txt_in", "context_embedder", T5Width);
        foreach (var (theirs, ours, inputs) in ((string, string, int)[])
            [("time_in", "timestep_embedder", 256), ("vector_in", "text_embedder", ClipWidth), ("guidance_in", "guidance_embedder", 256)])
        {
            if (original.Names.Contains($"{theirs}.in_layer.weight"))
            {
                Move($"{theirs}.in_layer", $"time_text_embed.{ours}.linear_1", inputs);
                Move($"{theirs}.out_layer", $"time_text_embed.{ours}.linear_2", Width);
            }
        }

        Group("img", "norm1", ["attn.to_q", "attn.to_k", "attn.to_v"], "attn.norm_q", "attn.norm_k", "attn.to_out.0", "ff");
        Group("txt", "norm1_context", ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"], "attn.norm_added_q", "attn.norm_added_k",
            "attn.to_add_out", "ff_context");
        const string Single = "single_transformer_blocks.0.";
        Move("single_blocks.0.modulation.lin", $"{Single}norm.linear", Width);
        Split("single_blocks.0.linear1", Width, ($"{Single}attn.to_q", Width), ($"{Single}attn.to_k", Width), ($"{Single}attn.to_v", Width),
            ($"{Single}proj_mlp", Mlp));
        Move("single_blocks.0.linear2", $"{Single}proj_out", Width + Mlp);
        Scale("single_blocks.0.norm.query_norm.scale", $"{Single}attn.norm_q.weight");
        Scale("single_blocks.0.norm.key_norm.scale", $"{Single}attn.norm_k.weight");
        const string Final = "final_layer.adaLN_modulation.1";
        file.Add("norm_out.linear.weight", Swapped(original[$"{Final}.weight"]), [2 * Width, Width]);
        file.Add("norm_out.linear.bias", Swapped(original[$"{Final}.bias"]), [2 * Width]);
        Move("final_layer.linear", "proj_out", Width);
        return file;

        void Group(string group, string modulation, string[] qkv, string queryNorm, string keyNorm, string projection, string feedForward)
        {
            var (theirs, ours) = ($"double_blocks.0.{group}", "transformer_blocks.0.");
            Move($"{theirs}_mod.lin", $"{ours}{modulation}.linear", Width);
            Split($"{theirs}_attn.qkv", Width, [.. qkv.Select(name => (ours + name, Width))]);
            Scale($"{theirs}_attn.norm.query_norm.scale", $"{ours}{queryNorm}.weight");
            Scale($"{theirs}_attn.norm.key_norm.scale", $"{ours}{keyNorm}.weight");
            Move($"{theirs}_attn.proj", ours + projection, Width);
            Move($"{theirs}_mlp.0", $"{ours}{feedForward}.net.0.proj", Width);
            Move($"{theirs}_mlp.2", $"{ours}{feedForward}.net.2", Mlp);
        }

        void Scale(string theirs, string ours) => file.Add(ours, original[theirs], [Width]);

        void Move(string theirs, string ours, int inputs) => Split(theirs, inputs, (ours, original[$"{theirs}.bias"].Length));

        void Split(string theirs, int inputs, params (string Name, int Outputs)[] parts)
        {
            var start = 0;
            foreach (var (name, outputs) in parts)
            {
                file.Add($"{name}.weight", original[$"{theirs}.weight"][(start * inputs)..((start + outputs) * inputs)], [outputs, inputs]);
                file.Add($"{name}.bias", original[$"{theirs}.bias"][start..(start + outputs)], [outputs]);
                start += outputs;
            }
        }

        static float[] Swapped(float[] halves) => [.. halves[(halves.Length / 2)..], .. halves[..(halves.Length / 2)]];
    }

    private void WriteConfigs(bool hasGuidance)
    {
        Write("model_index.json", """{"_class_name": "FluxPipeline", "transformer": ["diffusers", "FluxTransformer2DModel"]}""");
        Write("transformer/config.json", """{"_class_name": "FluxTransformer2DModel", "axes_dims_rope": [16, 56, 56]}""");
        Write("vae/config.json", """
            {"_class_name": "AutoencoderKL", "block_out_channels": [32, 32], "layers_per_block": 1, "latent_channels": 16, "norm_num_groups": 32,
             "scaling_factor": 0.3611, "shift_factor": 0.1159, "use_quant_conv": false, "use_post_quant_conv": false}
            """);
        Write("scheduler/scheduler_config.json", "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\", \"num_train_timesteps\": 1000, \"shift\": "
            + (hasGuidance ? "3.0, \"use_dynamic_shifting\": true}" : "1.0, \"use_dynamic_shifting\": false}"));

        void Write(string name, string text)
        {
            var path = System.IO.Path.Combine(Pipeline, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            System.IO.File.WriteAllText(path, text);
        }
    }
}
