using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

public sealed class LinearSliceTests
{
    public static TheoryData<string, DType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType>();
            foreach (var (name, _) in BackendTable.All)
            {
                foreach (var type in new[] { DType.Float32, DType.BFloat16, DType.Float16 })
                {
                    cases.Add(name, type);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_slice_of_a_weight_gives_the_bits_of_the_whole(string name, DType type)
    {
        using var backend = BackendTable.Open(name, 2);
        using (TensorScope.Begin())
        {
            const int Inputs = 300; // two K blocks
            var weight = Tensor.From(backend, [.. Enumerable.Range(0, 96 * Inputs).Select(i => MathF.Sin(i * 0.37f))], [96, Inputs]).As(type);
            var bias = Tensor.From(backend, [.. Enumerable.Range(0, 96).Select(i => i * 0.01f)], [96]);
            var x = Tensor.From(backend, [.. Enumerable.Range(0, 2 * 7 * Inputs).Select(i => MathF.Cos(i * 0.11f))], [2, 7, Inputs]);
            using var packed = backend.Pack(weight, bias);
            using var slice = packed.Slice(32, 64);
            Assert.NotNull(slice);
            using var inner = slice.Slice(32, 32);
            Assert.NotNull(inner);
            var whole = x.Linear(packed);
            Assert.Equal(whole.Columns(32, 64).ToArray(), x.Linear(slice).ToArray());
            Assert.Equal(whole.Columns(64, 32).ToArray(), x.Linear(inner).ToArray());
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void A_part_that_does_not_begin_where_the_layout_divides_is_no_slice()
    {
        using var backend = new CpuBackend();
        using var scope = TensorScope.Begin();
        using var packed = backend.Pack(Tensor.Zeros(backend, [96, 8]), null);
        Assert.Null(packed.Slice(1, 32));
        Assert.Null(packed.Slice(0, 33));
    }
}
