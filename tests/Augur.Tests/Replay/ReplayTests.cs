using Augur.Replay;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Replay;

public sealed class ReplayTests
{
    private static readonly string[] s_folders =
    [
        "dit-core", "flux-ae", "diffusers",
        "flux-core", "flux-cache-d38", "clusca-flux",
        "pixart-core", "pixart-cache",
        "sd3-core",
        "flux2-core", "qwen-image-core", "z-image-core", "wan-vae",
        "sd-unet", "sd-samplers", "sd-dato", "u-vit", "token-compression",
        "text-encoders", "sd-clip", "umt5", "llama-core", "tokenizers", "llada", "dream", "dllm-extra",
        "gguf", "single-file", "lora",
        "cg-taylor-flux", "cg-taylor-dit",
        "eedit-flux",
    ];

    public static TheoryData<string, CpuPath> FoldersAndPaths
    {
        get
        {
            var data = new TheoryData<string, CpuPath>();
            foreach (var path in Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported))
            {
                foreach (var folder in s_folders)
                {
                    data.Add(folder, path);
                }
            }

            return data;
        }
    }

    public static TheoryData<string, CpuPath> CachedRunsAndPaths
    {
        get
        {
            var runs = from folder in new[] { "dit-cache-d4", "dit-cache-d28" }
                       from file in Directory.EnumerateFiles(Fixtures.Path(folder), "*.json").Order(StringComparer.Ordinal)
                       let name = Path.GetFileNameWithoutExtension(file)
                       where name != "config"
                       select $"{folder}/{name}";
            var data = new TheoryData<string, CpuPath>();
            foreach (var run in runs)
            {
                foreach (var path in Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported))
                {
                    data.Add(run, path);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FoldersAndPaths))]
    public void Every_run_that_the_original_code_saved_is_reproduced(string folder, CpuPath path)
    {
        using var backend = new CpuBackend(new CpuOptions { Path = path, Threads = 2 });
        var results = ReplayRunner.Run(Fixtures.Path(folder), backend).ToList();
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.True(r.Status == ReplayStatus.Pass, $"{r.Run}: {r.Status} {r.Detail}"));
        Assert.Equal(0, backend.BytesInUse);
    }

    [Theory]
    [MemberData(nameof(CachedRunsAndPaths))]
    public void Every_cached_run_of_the_released_methods_is_reproduced_with_its_decisions(string run, CpuPath path)
    {
        using var backend = new CpuBackend(new CpuOptions { Path = path, Threads = 2 });
        var result = Assert.Single(ReplayRunner.Run(Fixtures.Path($"{run}.json"), backend));
        Assert.True(result.Status == ReplayStatus.Pass, $"{result.Run}: {result.Status} {result.Detail}");
        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void A_cached_run_with_another_decision_fails_and_names_it()
    {
        var folder = Altered("dit-cache-d28", "speca_l1.safetensors", (_, _) => { });
        var description = Path.Combine(folder, "speca_l1.json");
        var text = File.ReadAllText(description);
        const string Full = "\"type\": \"full\"";
        var last = text.LastIndexOf(Full, StringComparison.Ordinal);
        File.WriteAllText(description, $"{text[..last]}\"type\": \"Taylor\"{text[(last + Full.Length)..]}");
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(description, backend));
        Assert.Equal(ReplayStatus.Fail, result.Status);
        Assert.Contains("decisions", result.Detail);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_cached_run_with_another_score_fails_and_names_it()
    {
        var folder = Altered("dit-cache-d28", "duca_n5.safetensors", (name, values) => values[5] += name == "fresh.first_score" ? 0.01f : 0);
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(Path.Combine(folder, "duca_n5.json"), backend));
        Assert.Equal(ReplayStatus.Fail, result.Status);
        Assert.Contains("fresh.first_score", result.Detail);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("\"fresh_ratio\": 0.12", "\"fresh_ratio\": 0.13")]
    [InlineData("\"soft_fresh_weight\": 0.25", "\"soft_fresh_weight\": 2.5")]
    [InlineData("\"flops_cumulative\": 1201595392.0", "\"flops_cumulative\": 1201595393.0")]
    public void A_cached_run_that_chooses_other_tokens_or_counts_otherwise_fails(string written, string altered)
    {
        var folder = Altered("dit-cache-d28", "duca_n5.safetensors", (_, _) => { });
        var description = Path.Combine(folder, "duca_n5.json");
        var text = File.ReadAllText(description);
        Assert.Contains(written, text);
        File.WriteAllText(description, text.Replace(written, altered, StringComparison.Ordinal));
        using var backend = new CpuBackend();
        Assert.Equal(ReplayStatus.Fail, Assert.Single(ReplayRunner.Run(description, backend)).Status);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("\"fresh_ratio\": 0.3", "\"fresh_ratio\": 0.31", "fresh.step_layer_module_count[3]: 34 instead of")]
    [InlineData("\"soft_fresh_weight\": 0.25", "\"soft_fresh_weight\": 2.5", "fresh.indices[3595]: 23 instead of 21")]
    [InlineData("\"type\": \"aggressive\"", "\"type\": \"ToCa\"", "types")]
    [InlineData("\"official_flops\": ", "\"official_flops\": 1", "official_flops")]
    public void A_run_of_a_network_with_cross_attention_that_decides_or_counts_otherwise_fails_and_names_it(
        string written, string altered, string what)
    {
        var folder = Altered("pixart-cache", "duca_kvnorm_n5.safetensors", (_, _) => { });
        var description = Path.Combine(folder, "duca_kvnorm_n5.json");
        var text = File.ReadAllText(description);
        Assert.Contains(written, text);
        var at = text.IndexOf(written, StringComparison.Ordinal);
        File.WriteAllText(description, text[..at] + altered + text[(at + written.Length)..]);
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(description, backend));
        Assert.Equal(ReplayStatus.Fail, result.Status);
        Assert.Contains(what, result.Detail);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("sd3-core", "euler8_slg", "model_out_skip", "model_out_skip at step 2")]
    [InlineData("sd3-core", "forward", "out_skip_layers", "out_skip_layers")]
    [InlineData("pixart-core", "ms_forward", "csize_embedder.out", "csize_embedder.out")]
    [InlineData("pixart-core", "dpm8", "final", "final")]
    public void A_changed_number_of_a_transformer_with_text_is_found(string folder, string run, string tensor, string what)
    {
        var copy = Altered(folder, $"{run}.safetensors", (name, values) =>
            values[values.Length / 2] += name == tensor ? 0.01f * values.Max(Math.Abs) : 0);
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(Path.Combine(copy, $"{run}.safetensors"), backend));
        Assert.Equal(ReplayStatus.Fail, result.Status);
        Assert.Contains(what, result.Detail);
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public void A_trajectory_with_one_changed_number_fails_and_names_the_step()
    {
        var folder = Altered("dit-core", "ddpm20.safetensors", (name, values) =>
        {
            if (name == "sample")
            {
                values[7 * 4 * 4 * 8 * 8] += 0.01f * values.Max(Math.Abs);
            }
        });
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(Path.Combine(folder, "ddpm20.safetensors"), backend));
        Assert.Equal(ReplayStatus.Fail, result.Status);
        Assert.Contains("sample at step 7", result.Detail);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_method_that_is_not_built_is_unsupported()
    {
        var folder = Directory.CreateTempSubdirectory("augur-replay").FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), """{ "cfg": { "input_size": 8 } }""");
        File.WriteAllText(Path.Combine(folder, "run.json"), """{ "official_impl": "nobody-built-this" }""");
        new SafetensorsWriter().Add("x", [1f], [1]).Save(Path.Combine(folder, "run.safetensors"));
        using var backend = new CpuBackend();
        var result = Assert.Single(ReplayRunner.Run(folder, backend));
        Assert.Equal(ReplayStatus.Unsupported, result.Status);
        Assert.Contains("nobody-built-this", result.Detail);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_scheduler_setting_that_is_not_built_is_unsupported_rather_than_ignored()
    {
        var folder = Altered("diffusers", "schedulers.safetensors", (_, _) => { });
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config)
            .Replace("\"solver_order\": 2", "\"solver_order\": 2, \"use_lu_lambdas\": true", StringComparison.Ordinal));
        using var backend = new CpuBackend();
        var result = ReplayRunner.Run(folder, backend).Single(r => r.Run.EndsWith("/dpm15", StringComparison.Ordinal));
        Assert.Equal((ReplayStatus.Unsupported, "the scheduler's setting config.json: use_lu_lambdas is true; only false is built."),
            (result.Status, result.Detail));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_without_a_configuration_is_named()
    {
        using var backend = new CpuBackend();
        var error = Assert.Throws<WeightFileException>(() => ReplayRunner.Run(Fixtures.Path(""), backend).ToList());
        Assert.Contains("config.json", error.Message);
    }

    // A copy of a fixture folder with the single-precision tensors of one file changed.
    private static string Altered(string folder, string file, Action<string, float[]> change)
    {
        var copy = Directory.CreateTempSubdirectory("augur-replay").FullName;
        foreach (var source in Directory.EnumerateFiles(Fixtures.Path(folder)))
        {
            File.Copy(source, Path.Combine(copy, Path.GetFileName(source)));
        }

        var target = Path.Combine(copy, file);
        var bytes = File.ReadAllBytes(target);
        using (var checkpoint = Checkpoint.Open(target))
        {
            foreach (var tensor in checkpoint.Tensors.Values.Where(t => t.Type == StoredType.Float32))
            {
                var values = tensor.ToSingles();
                var before = tensor.Bytes.ToArray();
                change(tensor.Name, values);
                var at = bytes.AsSpan().IndexOf(before);
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes.AsSpan(at));
            }
        }

        File.WriteAllBytes(target, bytes);
        return copy;
    }
}
