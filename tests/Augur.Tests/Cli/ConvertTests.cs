using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Cli;

public sealed class ConvertTests
{
    [Theory]
    [InlineData("q8_0", StoredType.Q8_0, 0.01)]
    [InlineData("f16", StoredType.Float16, 0.001)]
    [InlineData("bf16", StoredType.BFloat16, 0.01)]
    public async Task Matrices_take_the_type_and_vectors_stay_as_they_are(string word, StoredType type, double most)
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await CommandLine.Run(
            "convert", Fixtures.Path("gguf/flux.dequantised.safetensors"), "--type", word, "--out", folder.File("a.gguf"));
        Assert.Equal(0, code);
        Assert.Contains($"{type}", output, StringComparison.Ordinal);
        Assert.Equal(["a.gguf"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        using var before = Checkpoint.Open(Fixtures.Path("gguf/flux.dequantised.safetensors"));
        using var after = Checkpoint.Open(folder.File("a.gguf"));
        Assert.Equal("GGUF 3, flux", after.Format);
        Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(type, after.Tensors["double_blocks.0.img_attn.qkv.weight"].Type);
        Assert.Equal(StoredType.Float32, after.Tensors["double_blocks.0.img_attn.qkv.bias"].Type);
        Assert.All(before.Tensors.Values, tensor =>
        {
            var (x, y) = (tensor.ToSingles(), after.Tensors[tensor.Name].ToSingles());
            var error = Math.Sqrt(x.Zip(y, (a, b) => Math.Pow(a - b, 2)).Sum() / Math.Max(1e-30, x.Sum(a => (double)a * a)));
            Assert.InRange(error, 0, most);
        });
    }

    [Fact]
    public async Task Rows_that_are_no_blocks_of_256_become_q8_0_and_the_ends_of_the_network_are_not_quantised()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await CommandLine.Run(
            "convert", Fixtures.Path("gguf/flux.dequantised.safetensors"), "--type", "q4_k", "--out", folder.File("a.gguf"), "--json");
        Assert.Equal(0, code);
        Assert.Contains("\"relativeError\": 0.", output, StringComparison.Ordinal);
        using var after = Checkpoint.Open(folder.File("a.gguf"));
        Assert.Equal(
            [StoredType.Q4_K, StoredType.Q8_0, StoredType.BFloat16, StoredType.Float32],
            new[] { "double_blocks.0.img_mlp.2.weight", "double_blocks.0.img_attn.qkv.weight", "img_in.weight", "final_layer.linear.bias" }
                .Select(name => after.Tensors[name].Type));
        Assert.Equal(0, (await CommandLine.Run("inspect", folder.File("a.gguf"))).Code);
    }

    [Theory]
    [InlineData("q4_k", "a.safetensors", "augur: --type q4_k needs a name for --out that ends in .gguf; safetensors has no such type.")]
    [InlineData("f16", "a.bin", "augur: --out is a.bin; give a name that ends in .gguf or .safetensors.")]
    [InlineData("q3_k", "a.gguf", "augur: --type is q3_k; it can be q8_0, q6_k, q5_k, q4_k, q5_0, q4_0, f16, bf16, f32.")]
    public async Task What_cannot_be_made_is_wrong_use(string type, string file, string sentence)
    {
        var (code, _, error) = await CommandLine.Run("convert", Fixtures.Path("gguf/flux.gguf"), "--type", type, "--out", file);
        Assert.Equal((2, sentence), (code, error.Trim()));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_model_is_not_converted_over_itself()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("gguf/flux.gguf"), folder.File("a.gguf"));
        var (code, _, error) = await CommandLine.Run("convert", folder.File("a.gguf"), "--type", "f16", "--out", folder.File("a.gguf"));
        Assert.Equal(2, code);
        Assert.Contains("would replace", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_half_precision_cannot_hold_is_named_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        new SafetensorsWriter().Add("w", [1f, 70000f], [1, 2]).Save(folder.File("in.safetensors"));
        var (code, _, error) = await CommandLine.Run("convert", folder.File("in.safetensors"), "--type", "f16", "--out", folder.File("out.gguf"));
        Assert.Equal((1, "augur: tensor 'w' holds 70000 as element 1, which half precision cannot hold; bf16 can."), (code, error.Trim()));
        Assert.Equal(["in.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }
}
