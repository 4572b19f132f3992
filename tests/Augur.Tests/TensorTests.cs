using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests;

public sealed class TensorTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void A_scope_releases_what_was_made_in_it_and_retained_tensors_outlive_it()
    {
        Tensor kept, lost;
        using (TensorScope.Begin())
        {
            lost = Tensor.Full(_backend, [2, 3], 1);
            kept = (lost + lost).Retain();
        }

        Assert.Throws<ObjectDisposedException>(() => lost.ToArray());
        Assert.Equal([2f, 2, 2, 2, 2, 2], kept.ToArray());
        kept.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void An_escaped_tensor_belongs_to_the_scope_around()
    {
        Tensor escaped;
        using (TensorScope.Begin())
        {
            using (TensorScope.Begin())
            {
                escaped = Tensor.Full(_backend, [4], 2).Escape();
            }

            Assert.Equal(2, escaped.ToArray()[3]);
        }

        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void A_view_keeps_the_memory_of_its_tensor_alive()
    {
        var tensor = Tensor.From(_backend, [1f, 2, 3, 4, 5, 6], [2, 3]);
        var view = tensor.Columns(1, 2);
        tensor.Dispose();
        Assert.Equal([2f, 3, 5, 6], view.ToArray());
        view.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = TensorScope.Begin();
        using var weight = _backend.Pack(Tensor.Zeros(_backend, [8, 5]), null);
        var error = Assert.Throws<ArgumentException>(() => Tensor.Zeros(_backend, [2, 4]).Linear(weight));
        Assert.Equal("Linear: [2, 4] and a weight [8, 5] differ on the inner axis.", error.Message);
    }

    [Fact]
    public void A_shape_whose_element_count_would_wrap_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Shape(1 << 20, 1 << 20, 1 << 24));
        Assert.Equal(0, new Shape(0, int.MaxValue, int.MaxValue).ElementCount);
    }

    [Fact]
    public void Permute_reorders_axes()
    {
        using var scope = TensorScope.Begin();
        var x = Tensor.From(_backend, [0f, 1, 2, 3, 4, 5], [1, 2, 3]);
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.Permute(0, 2, 1).ToArray());
    }
}
