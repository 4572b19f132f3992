using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class PyTorchTests
{
    private static readonly float[] s_ramp = [-1, -0.75f, -0.5f, -0.25f, 0, 0.25f];

    [Theory]
    [InlineData("types.pt", "PyTorch zip")]
    [InlineData("types.legacy.pt", "PyTorch legacy")]
    public void Every_type_and_every_view_is_read(string file, string format)
    {
        using var checkpoint = Open(file);
        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(16, checkpoint.Tensors.Count);
        foreach (var (name, type) in new[]
        {
            ("f64", StoredType.Float64), ("f32", StoredType.Float32), ("f16", StoredType.Float16), ("bf16", StoredType.BFloat16),
        })
        {
            Assert.Equal(type, checkpoint.Tensors[name].Type);
            Assert.Equal(new Shape(2, 3), checkpoint.Tensors[name].Shape);
            Assert.Equal(s_ramp, checkpoint.Tensors[name].ToSingles());
        }

        Assert.Equal([-(1L << 40), 0, 7], checkpoint.Tensors["i64"].ToInt64s());
        Assert.Equal([-5L, 6], checkpoint.Tensors["i32"].ToInt64s());
        Assert.Equal([-300L, 300], checkpoint.Tensors["i16"].ToInt64s());
        Assert.Equal([-128L, 127], checkpoint.Tensors["i8"].ToInt64s());
        Assert.Equal([0L, 255], checkpoint.Tensors["u8"].ToInt64s());
        Assert.Equal([1L, 0, 1], checkpoint.Tensors["boolean"].ToInt64s());
        Assert.Equal(0, checkpoint.Tensors["scalar"].Shape.Rank);
        Assert.Equal([2.5f], checkpoint.Tensors["scalar"].ToSingles());
        Assert.Equal(new Shape(0, 3), checkpoint.Tensors["empty"].Shape);
        Assert.Equal(new Shape(3, 2), checkpoint.Tensors["transposed"].Shape);
        Assert.Equal([-1f, -0.25f, -0.75f, 0, -0.5f, 0.25f], checkpoint.Tensors["transposed"].ToSingles());
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (((i / 3 * 6) + 2 + (i % 3)) / 4f) - 1), checkpoint.Tensors["columns"].ToSingles());
        Assert.Equal(Enumerable.Range(6, 6).Select(i => (i / 4f) - 1), checkpoint.Tensors["row"].ToSingles());
        Assert.Equal(s_ramp[..3], checkpoint.Tensors["parameter"].ToSingles());
    }

    [Theory]
    [InlineData("training.pt")]
    [InlineData("training.legacy.pt")]
    public void The_averaged_weights_of_a_training_checkpoint_are_chosen_and_its_settings_passed_over(string file)
    {
        using var checkpoint = Open(file);
        Assert.Equal("ema", checkpoint.Metadata["state"]);
        Assert.Equal(["bias", "weight"], checkpoint.Tensors.Keys.Order());
        Assert.Equal(s_ramp.Select(x => 2 * x), checkpoint.Tensors["weight"].ToSingles());
    }

    [Theory]
    [InlineData("parallel.pt")]
    [InlineData("parallel.legacy.pt")]
    public void The_prefix_of_parallel_training_is_dropped(string file)
    {
        using var checkpoint = Open(file);
        Assert.Equal("module.", checkpoint.Metadata["dropped prefix"]);
        Assert.Equal(s_ramp, checkpoint.Tensors["weight"].ToSingles());
    }

    [Theory]
    [InlineData("protocol4.pt")]
    [InlineData("protocol4.legacy.pt")]
    public void A_newer_pickle_protocol_is_read(string file)
    {
        using var checkpoint = Open(file);
        Assert.Equal(s_ramp, checkpoint.Tensors["weight"].ToSingles());
    }

    [Theory]
    [InlineData("runs-code.pt")]
    [InlineData("runs-code.legacy.pt")]
    public void A_file_that_would_run_a_command_is_read_without_it_and_the_command_is_said(string file)
    {
        using var checkpoint = Open(file);
        Assert.Equal(["weight"], checkpoint.Tensors.Keys);
        Assert.Equal("posix.system", checkpoint.Metadata["objects not made"]);
    }

    [Theory]
    [InlineData(
        "whole-module.pt",
        "the file holds an object of 'torch.nn.modules.linear.Linear', which nothing here makes, and no dictionary of tensors; save its state_dict.")]
    [InlineData("two-models.pt", "the file holds several dictionaries of tensors ('generator', 'discriminator'), none under a known key.")]
    [InlineData("no-tensors.pt", "the file holds no dictionary of tensors.")]
    [InlineData("no-tensors.legacy.pt", "the file holds no dictionary of tensors.")]
    [InlineData("expanded.pt", "tensor 'weight' [1000] has more elements than its storage, which has 1.")]
    [InlineData("plain-pickle.pt", "is neither a safetensors file nor a PyTorch checkpoint nor a GGUF file.")]
    public void What_is_not_a_dictionary_of_tensors_is_refused_with_the_reason(string file, string sentence) =>
        Assert.Equal($"{file}: {sentence}", Assert.Throws<WeightFileException>(() => Open(file)).Message);

    private static Checkpoint Open(string file) => Checkpoint.Open(Fixtures.Path("weights/" + file));
}
