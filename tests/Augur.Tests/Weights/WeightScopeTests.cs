using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class WeightScopeTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Loading_weights_with_a_missing_tensor_names_it()
    {
        using var checkpoint = Open(new SafetensorsWriter().Add("blocks.3.attn.qkv.bias", [1f], [1]));
        var attention = new WeightScope(checkpoint, _backend).Scope("blocks.3").Scope("attn");
        Assert.Equal("model.safetensors: tensor 'blocks.3.attn.qkv.weight' is missing.", Refusal(() => attention.Linear("qkv", 3, 1)));
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both_shapes()
    {
        using var checkpoint = Open(new SafetensorsWriter().Add("x.weight", [1f, 2], [2, 1]));
        var scope = new WeightScope(checkpoint, _backend, "x.");
        Assert.Equal(
            "model.safetensors: tensor 'x.weight' has shape [2, 1], but [1, 2] is expected.", Refusal(() => scope.Tensor("weight", [1, 2])));
    }

    [Fact]
    public void Tensors_left_over_are_named_and_counted()
    {
        var writer = new SafetensorsWriter();
        for (var i = 0; i < 7; i++)
        {
            writer.Add($"extra.{i}", [1f], [1]);
        }

        using var checkpoint = Open(writer.Add("used", [1f], [1]).Add("known.a", [1f], [1]).Add("known.b.c", [1f], [1]));
        var scope = new WeightScope(checkpoint, _backend);
        scope.Tensor("used", [1]).Dispose();
        scope.Ignore("known");
        Assert.Equal(
            "model.safetensors: 7 tensors are not used by the model: 'extra.0', 'extra.1', 'extra.2', 'extra.3', 'extra.4' and 2 more.",
            Refusal(scope.RequireAllUsed));
        for (var i = 0; i < 6; i++)
        {
            scope.Scope("extra").Ignore($"{i}");
        }

        Assert.Equal("model.safetensors: 1 tensor is not used by the model: 'extra.6'.", Refusal(scope.RequireAllUsed));
        Assert.True(scope.Contains("extra.6"));
        scope.Ignore("extra.6");
        scope.RequireAllUsed();
    }

    [Fact]
    public void Integers_where_weights_belong_are_refused()
    {
        using var checkpoint = Open(new SafetensorsWriter().Add("x", [1L], [1]));
        Assert.Equal(
            "model.safetensors: tensor 'x' holds Int64 numbers where floating-point numbers are needed.",
            Refusal(() => new WeightScope(checkpoint, _backend).SingleTensor("x", [1])));
    }

    [Fact]
    public void A_tensor_outlives_scope_and_checkpoint_in_its_stored_precision()
    {
        Tensor half, single;
        using (TensorScope.Begin())
        using (var checkpoint = Open(new SafetensorsWriter().Add("x", StoredType.Float16, new byte[] { 0, 0x3c, 0, 0xc0 }, [2])))
        {
            var weights = new WeightScope(checkpoint, _backend);
            (half, single) = (weights.Tensor("x", [2]), weights.SingleTensor("x", [2]));
        }

        Assert.Equal(DType.Float16, half.Type);
        Assert.Equal([1f, -2], single.ToArray());
        half.Dispose();
        single.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void A_linear_map_multiplies_by_its_weight_and_adds_its_bias()
    {
        using var checkpoint = Open(new SafetensorsWriter()
            .Add("fc.weight", [1f, 2, 3, 4, 5, 6], [2, 3]).Add("fc.bias", StoredType.Float64, Bytes(10, 20), [2]));
        var weights = new WeightScope(checkpoint, _backend);
        using var scope = TensorScope.Begin();
        using var linear = weights.Linear("fc", 2, 3);
        using var plain = weights.Linear("fc", 2, 3, bias: false);
        var x = Tensor.From(_backend, [1f, 0, 1], [1, 3]);
        Assert.Equal([14f, 30], x.Linear(linear).ToArray());
        Assert.Equal([4f, 10], x.Linear(plain).ToArray());
        weights.RequireAllUsed();
    }

    [Fact]
    public void A_convolution_is_reordered_with_channels_fastest()
    {
        // One output, two channels, kernel 2: the kernel of channel 0 picks the left upper pixel, that of channel 1 the right lower one tenfold.
        using var checkpoint = Open(new SafetensorsWriter().Add("c.weight", [1f, 0, 0, 0, 0, 0, 0, 10], [1, 2, 2, 2]).Add("c.bias", [100f], [1]));
        using var scope = TensorScope.Begin();
        using var convolution = new WeightScope(checkpoint, _backend).Conv2d("c", 1, 2, 2);
        var image = Tensor.From(_backend, [1f, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
        Assert.Equal([1f + 80 + 100], image.Conv2d(convolution, 1, default).ToArray());
    }

    private static byte[] Bytes(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static Checkpoint Open(SafetensorsWriter writer) => Checkpoint.FromBytes("model.safetensors", writer.ToArray());

    private static string Refusal(Action action) => Assert.Throws<WeightFileException>(action).Message;

    private static string Refusal(Func<object?> action) => Assert.Throws<WeightFileException>(action).Message;
}
