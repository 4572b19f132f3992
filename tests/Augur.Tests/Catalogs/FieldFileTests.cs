using System.Runtime.InteropServices;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>Files as people have them: what is read, and what is refused with which sentence.</summary>
public sealed class FieldFileTests : IDisposable
{
    private static readonly string s_vae = FieldFolder.Fixture("vae");
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("lightning-callbacks")]
    [InlineData("pickles/pt_npscalar")]
    [InlineData("prefixes/pt_module_orig")]
    public async Task A_checkpoint_with_other_things_around_its_tensors_draws_what_the_plain_one_draws(string folder) =>
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(FieldFolder.Fixture(folder)));

    [Theory]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.module._orig_mod.")]
    public async Task Prefixes_of_wrappers_are_dropped_in_safetensors_too(string prefix)
    {
        using var folder = new FieldFolder("dit");
        folder.Rewrite("model.safetensors", (writer, t) =>
            writer.Add(prefix + t.Name.Replace("blocks.1.", "blocks.1._orig_mod.", StringComparison.Ordinal), t.ToSingles(), t.Shape));
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(folder.Path));
        Assert.Equal(prefix, ModelInspection.Inspect(folder.Path).Notes["prefix"]);
    }

    [Theory]
    [InlineData("shards/bin_index", "diffusion_pytorch_model.bin.index.json", "PyTorch zip (2 shards)")]
    [InlineData("shards/fp16only", "diffusion_pytorch_model.safetensors.index.fp16.json", "safetensors (2 shards)")]
    [InlineData("shards/single_fp16_bin", "diffusion_pytorch_model.bin", "PyTorch zip")]
    public async Task Shards_and_variants_are_read_and_the_file_taken_is_said(string folder, string file, string format)
    {
        var found = ModelInspection.Inspect(FieldFolder.Fixture(folder));
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
        Assert.Equal(file, found.Notes["file"]);
        Assert.Equal(format, found.Weights.Format);
        Assert.NotEmpty(await Draw(FieldFolder.Fixture(folder)));
    }

    [Fact]
    public async Task Query_key_and_value_may_be_stored_in_different_precisions()
    {
        using var folder = new FieldFolder("shards/fp16only");
        folder.Rewrite("diffusion_pytorch_model-00001-of-00002.fp16.safetensors", (writer, t) =>
        {
            if (t.Name == "transformer_blocks.0.attn1.to_k.weight")
            {
                writer.Add(t.Name, StoredType.Float16, MemoryMarshal.AsBytes<Half>(Array.ConvertAll(t.ToSingles(), x => (Half)x)).ToArray(), t.Shape);
            }
            else
            {
                writer.Add(t.Name, t.ToSingles(), t.Shape);
            }
        });
        Assert.NotEmpty(await Draw(folder.Path));
    }

    [Theory]
    [InlineData("pickles/ema_shadow", "ema.shadow")]
    [InlineData("pickles/ema_state_dict", "ema_state_dict")]
    public void The_average_of_training_is_taken_from_a_file_with_both_and_it_is_said(string folder, string key)
    {
        var taken = $"averaged weights '{key}'; the file also holds 'model'";
        Assert.Equal(taken, ModelInspection.Inspect(FieldFolder.Fixture(folder)).Notes["taken"]);
        using var model = ModelCatalog.Load(FieldFolder.Fixture(folder), _backend, s_vae);
        Assert.Equal(taken, model.WeightsChoice);
    }

    [Fact]
    public async Task The_average_beside_the_weights_of_training_is_taken_in_safetensors_too()
    {
        using var folder = new FieldFolder("dit");
        folder.Rewrite("model.safetensors", (writer, t) => writer
            .Add("model." + t.Name, [.. t.ToSingles().Select(x => x + 1)], t.Shape)
            .Add("ema_model.module." + t.Name, t.ToSingles(), t.Shape));
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(folder.Path));
        Assert.Equal("averaged weights 'ema_model.module.'; the file also holds 'model.'", ModelInspection.Inspect(folder.Path).Notes["taken"]);
    }

    [Fact]
    public void Two_networks_with_the_same_names_are_refused_with_both()
    {
        using var folder = new FieldFolder("dit");
        folder.Rewrite("model.safetensors", (writer, t) => writer
            .Add("model." + t.Name, t.ToSingles(), t.Shape)
            .Add("module." + t.Name, t.ToSingles(), t.Shape));
        Assert.Equal(
            "model.safetensors: holds two networks with the same names, 'model.' and 'module.'; nothing says which is meant.", Refusal(folder.Path));
    }

    [Fact]
    public async Task A_pipeline_of_the_older_class_draws_and_its_synonyms_are_found()
    {
        var path = FieldFolder.Fixture("pipelines/oldpipe");
        Assert.NotEmpty(await Draw(path, vae: null));
        using var model = ModelCatalog.Load(path, _backend);
        Assert.Equal(1, model.Classes.Find("White Shark"));
        Assert.Equal(0, model.Classes.Find("Tinca tinca"));
    }

    [Fact]
    public void A_pipeline_of_diffusers_guides_every_channel_as_diffusers_does()
    {
        using var model = ModelCatalog.Load(FieldFolder.Fixture("pipelines/oldpipe"), _backend);
        Assert.Equal(GuidanceChannels.All, model.Defaults.Guidance.Channels);
        using var original = ModelCatalog.Load(FieldFolder.Fixture("dit"), _backend, s_vae);
        Assert.Equal(GuidanceChannels.FirstThree, original.Defaults.Guidance.Channels);
    }

    [Theory]
    [InlineData("norm_type", "\"layer_norm\"", "norm_type is 'layer_norm'; only 'ada_norm_zero' is built.")]
    [InlineData("norm_type", "null", "norm_type is missing.")]
    [InlineData("patch_size", "null", "patch_size is missing.")]
    [InlineData("cross_attention_dim", "768", "cross_attention_dim is set, which a DiT does not have.")]
    [InlineData("use_linear_projection", "true", "use_linear_projection is true, which a DiT is not.")]
    [InlineData("patch_size", "0", "A DiT cannot have patches of 0 on an input of 8 cells.")]
    [InlineData("sample_size", "[8, 8]", "sample_size is a list, not a whole number.")]
    [InlineData("out_channels", "7", "out_channels is 7; with in_channels 4 it can be 4 or 8.")]
    public void What_an_older_configuration_asks_for_beyond_a_DiT_is_refused_with_its_field(string field, string value, string sentence)
    {
        using var folder = new FieldFolder("pipelines/oldpipe");
        var path = folder.File("transformer/config.json");
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());
        Assert.Equal($"{path}: {sentence}", Refusal(folder.Path));
    }

    [Theory]
    [InlineData("null")]
    [InlineData(null)]
    public void Output_channels_that_are_not_given_are_those_of_the_input(string? value)
    {
        var given = value is null ? "" : ", \"out_channels\": " + value;
        var config = $$"""{"_class_name": "DiTTransformer2DModel", "in_channels": 4, "sample_size": 8{{given}}}""";
        var sizes = DiffusersFolder.ReadConfig(ForeignJson.Parse("config.json", System.Text.Encoding.UTF8.GetBytes(config)));
        Assert.False(sizes.LearnsVariance);
        Assert.Equal(4, sizes.OutChannels);
    }

    [Theory]
    [InlineData("configs/own_bom.json")]
    [InlineData("configs/own_defaults_null.json")]
    [InlineData("configs/own_null_names.json")]
    public async Task A_configuration_of_ours_with_a_byte_order_mark_or_null_is_read(string config)
    {
        using var folder = new FieldFolder("dit");
        folder.Put("config.json", config);
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(folder.Path));
    }

    [Theory]
    [InlineData("configs/own_guid.json", "defaults.guidance: Guidance can be 0 to 100, not -1.")]
    [InlineData("configs/own_sampler.json", "defaults.sampler: Sampler ddim: eta is 9; it lies between 0 and 1.")]
    [InlineData("configs/own_names_null.json", "class_names[1] is null, not a value.")]
    [InlineData("{}", "input_size is missing.")]
    [InlineData("""{"input_sise": 8}""", "'input_sise' is not a known field; known are architecture, input_size, ")]
    public void A_configuration_of_ours_that_is_wrong_is_refused_with_file_and_field(string config, string sentence)
    {
        using var folder = new FieldFolder("dit");
        var path = folder.Put("config.json", config);
        Assert.StartsWith($"{path}: {sentence}", Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("configs/dif_bom.json")]
    [InlineData("configs/dif_eps_null.json")]
    public async Task A_configuration_of_diffusers_with_a_byte_order_mark_or_null_is_read(string config)
    {
        using var folder = new FieldFolder("shards/bin_index");
        folder.Put("config.json", config);
        Assert.Equal(await Draw(FieldFolder.Fixture("shards/bin_index")), await Draw(folder.Path));
    }

    [Theory]
    [InlineData("transformer/config.json", "configs/dif_clsbad.json", "byte 15 in or after field '_class_name': half a surrogate pair is not text.")]
    [InlineData("model_index.json", "model_index/array.json", "the file is a list, not an object with fields.")]
    [InlineData("model_index.json", "model_index/surrogate.json", "byte 17 in or after field '0': half a surrogate pair is not text.")]
    [InlineData("model_index.json", """{"id2label": {"3": "a fourth"}}""", "id2label.3 is not the label of a class; the network has classes 0 to 2.")]
    [InlineData("model_index.json", """{"id2label": {"1": 7}}""", "id2label.1 is 7, not a text.")]
    public void A_pipeline_file_that_is_wrong_is_refused_with_file_and_field(string file, string content, string sentence)
    {
        using var folder = new FieldFolder("pipelines/oldpipe");
        Assert.Equal($"{folder.Put(file, content)}: {sentence}", Refusal(folder.Path));
    }

    [Fact]
    public void A_pipeline_of_another_kind_is_refused_by_its_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("model_index.json"), """{"_class_name": "StableDiffusionPipeline"}""");
        Assert.StartsWith(
            $"{folder.File("model_index.json")}: 'StableDiffusionPipeline' is not built, or its network is missing; families that are built are ",
            Refusal(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_that_are_null_are_none()
    {
        var json = """{"__metadata__":null,"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        using var checkpoint = Checkpoint.FromBytes("x.safetensors", SafetensorsFile.From(json, 4));
        Assert.Empty(checkpoint.Metadata);
        var inside = json.Replace("null", """{"format":null}""", StringComparison.Ordinal);
        using var other = Checkpoint.FromBytes("x.safetensors", SafetensorsFile.From(inside, 4));
        Assert.Empty(other.Metadata);
    }

    [Fact]
    public async Task A_configuration_of_the_other_part_is_passed_over_for_network_and_autoencoder()
    {
        using var folder = new FieldFolder("dit");
        File.Move(folder.File("model.safetensors"), folder.File("dit.safetensors"));
        File.Copy(Path.Combine(s_vae, "diffusion_pytorch_model.safetensors"), folder.File("vae.safetensors"));
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(folder.File("dit.safetensors")));

        // Eight channels do not divide into the usual 32 groups, and this folder's configuration does not say how many there are.
        Assert.Equal(
            $"{folder.File("vae.safetensors")}: Autoencoder: 8 channels do not divide into 32 groups. "
                + "The config.json beside it does not describe an autoencoder, so it was not used.",
            Refusal(folder.File("dit.safetensors"), folder.File("vae.safetensors")));

        File.Copy(Path.Combine(s_vae, "config.json"), folder.File("config.json"), overwrite: true);
        Assert.Equal(await Draw(FieldFolder.Fixture("dit")), await Draw(FieldFolder.Fixture("dit"), folder.File("vae.safetensors")));
        var refusal = Refusal(folder.File("dit.safetensors"));
        Assert.Contains("a DiT of hidden size 16 was not published", refusal, StringComparison.Ordinal);
        Assert.EndsWith(" The config.json beside it describes 'AutoencoderKL', so it was not used.", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y_embedder.embedding_table.weight", new[] { 1, 384 }, "0 classes")]
    [InlineData("x_embedder.proj.weight", new[] { 384, 4, 0, 0 }, "an input of 0 cells")]
    public void Shapes_that_make_no_network_are_refused(string name, int[] shape, string what)
    {
        // 384 is a width whose head count is known.
        var shapes = new Dictionary<string, int[]>
        {
            ["x_embedder.proj.weight"] = [384, 4, 2, 2],
            ["y_embedder.embedding_table.weight"] = [4, 384],
            ["final_layer.linear.weight"] = [32, 384],
            ["blocks.0.attn.proj.bias"] = [384],
            ["pos_embed"] = [1, 16, 384],
        };
        shapes[name] = shape;
        var writer = new SafetensorsWriter();
        foreach (var (tensor, extents) in shapes)
        {
            writer.Add(tensor, new float[extents.Aggregate(1, (a, b) => a * b)], new Augur.Tensors.Shape(extents));
        }

        using var folder = new TemporaryFolder();
        writer.Save(folder.File("model.safetensors"));
        Assert.Equal($"{folder.File("model.safetensors")}: the shapes of its tensors make no DiT: A DiT cannot have {what}.", Refusal(folder.Path));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinity")]
    public void A_weight_that_is_not_finite_is_named(float value, string word)
    {
        using var folder = new FieldFolder("dit");
        folder.Rewrite("model.safetensors", (writer, t) =>
        {
            var values = t.ToSingles();
            values[37 % values.Length] = t.Name == "blocks.1.mlp.fc2.weight" ? value : values[37 % values.Length];
            writer.Add(t.Name, values, t.Shape);
        });
        Assert.Equal(
            $"model.safetensors: tensor 'blocks.1.mlp.fc2.weight' holds {word} as element 37 of 1024, where a finite number is needed.",
            Refusal(folder.Path));
    }

    [Fact]
    public void A_weight_of_an_autoencoder_that_is_not_finite_is_named()
    {
        using var folder = new FieldFolder("vae");
        folder.Rewrite("diffusion_pytorch_model.safetensors", (writer, t) =>
            writer.Add(t.Name, t.Name == "decoder.conv_out.bias" ? [0, float.NaN, 0] : t.ToSingles(), t.Shape));
        Assert.Equal(
            "diffusion_pytorch_model.safetensors: tensor 'decoder.conv_out.bias' holds NaN as element 1 of 3, where a finite number is needed.",
            Refusal(FieldFolder.Fixture("dit"), folder.Path));
    }

    [Theory]
    [InlineData("bom.json", "fora")] // its interval is the usual one
    public void A_policy_file_with_a_byte_order_mark_is_read(string file, string name) =>
        Assert.Equal(name, PolicyCatalog.Parse("@" + FieldFolder.Fixture("policies/" + file)).Name);

    [Theory]
    [InlineData("surr.json", "byte 10 in or after field 'policy': half a surrogate pair is not text.")]
    [InlineData("surrkey.json", "byte 17 in or after field 'policy': half a surrogate pair is not text.")]
    public void A_policy_file_with_half_a_surrogate_pair_is_refused(string file, string sentence)
    {
        var path = FieldFolder.Fixture("policies/" + file);
        Assert.Equal($"{path}: {sentence}", Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("@" + path)).Message);
    }

    private async Task<float[]> Draw(string path, string? vae = "")
    {
        using var model = ModelCatalog.Load(path, _backend, vae == "" ? s_vae : vae);
        var result = await new GenerationPipeline(model).GenerateAsync(model.Request(1) with { Steps = 1 });
        Assert.All(result.Latent, x => Assert.True(float.IsFinite(x)));
        return result.Latent;
    }

    private string Refusal(string path, string? vae = null) =>
        Assert.Throws<WeightFileException>(() => ModelCatalog.Load(path, _backend, vae ?? s_vae).Dispose()).Message;
}
