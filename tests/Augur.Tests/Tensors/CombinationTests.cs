using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

/// <summary>Gated combinations and divided differences: what the table of contracts does not say of them.</summary>
public sealed class CombinationTests
{
    public static TheoryData<string> Table => BackendTable.Names;

    public static TheoryData<string> Backends => ExceptionalValueTests.Backends;

    [Theory]
    [MemberData(nameof(Table))]
    public void A_fused_gated_combination_has_the_bits_of_its_two_operations(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        foreach (var shape in new Shape[] { [1, 1, 1], [2, 3, 5], [3, 4, 33], [2, 5, 72], [2, 64, 192], [2, 96, 1155] })
        {
            foreach (var asViews in new[] { false, true })
            {
                using var scope = TensorScope.Begin();
                var o = new Operands(backend, shape, asViews);
                var (x, y, gate) = (o.Next(), o.Next(), o.Next([o.Batch, 6 * o.Channels]).Chunk(5, 6));
                foreach (var count in new[] { 1, 2, 3, 5 })
                {
                    Tensor[] terms = [.. Enumerable.Range(0, count).Select(_ => o.Next())];
                    var coefficients = o.Numbers(count);
                    y.AddGatedCombinationInPlace(x, gate, terms, coefficients);
                    var expected = x.AddGated(gate, Tensor.Combine(terms, coefficients));
                    Assert.Equal(Bits(expected), Bits(y));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_BFloat16_term_adds_the_bits_of_its_widened_copy(string name)
    {
        using var backend = BackendTable.Open(name, 1);
        using var scope = TensorScope.Begin();
        var o = new Operands(backend, [2, 5, 77]);
        Tensor[] kept = [o.Next(DType.BFloat16), o.Next(), o.Next(DType.BFloat16)];
        var widened = Array.ConvertAll(kept, t => t.As(DType.Float32));
        float[] coefficients = [1, -0.3f, 2.7f];
        var (x, gate) = (o.Next(), o.Next([o.Batch, o.Channels]));
        Assert.Equal(Bits(Tensor.Combine(widened, coefficients)), Bits(Tensor.Combine(kept, coefficients)));
        var expected = x.AddGated(gate, Tensor.Combine(widened, coefficients));
        x.AddGatedCombinationInPlace(x, gate, kept, coefficients);
        Assert.Equal(Bits(expected), Bits(x));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Differences_of_a_cubic_are_those_of_the_recursion_by_hand(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        Tensor[] differences = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Full(backend, [1, 1], float.NaN))];
        Tensor.UpdateDifferencesInPlace(Tensor.Full(backend, [1, 1], 0), differences, 0, 0);
        Tensor.UpdateDifferencesInPlace(Tensor.Full(backend, [1, 1], 8), differences, 1, 2); // s³ at 0, 2, 4, 6
        Tensor.UpdateDifferencesInPlace(Tensor.Full(backend, [1, 1], 64), differences, 2, 2);
        Assert.Equal([64, 28, 12], differences.Select(d => d.ToArray()[0]));
        Tensor.UpdateDifferencesInPlace(Tensor.Full(backend, [1, 1], 216), differences, 3, 2);
        Assert.Equal([216, 76, 24], differences.Select(d => d.ToArray()[0]));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_feature_of_a_larger_batch_is_taken_in_and_its_neighbours_are_not(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var batch = Tensor.From(backend, [float.NaN, float.NaN, 1, 2, float.NaN, float.NaN], [3, 1, 2]);
        var kept = Tensor.From(backend, [7f, 7, 7, 7, 5, 5], [3, 1, 2]);
        Tensor.UpdateDifferencesInPlace(batch.Rows(1, 1), [kept.Rows(1, 1)], 1, -1);
        Assert.Equal([7, 7, 1, 2, 5, 5], kept.ToArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Kept_differences_keep_NaN_and_infinity_in_either_type(string name)
    {
        using var backend = BackendTable.Open(name);
        float[] exceptional =
            [
                float.PositiveInfinity, float.NegativeInfinity, float.NaN,
                BitConverter.Int32BitsToSingle(0x7f800001), BitConverter.Int32BitsToSingle(-1),
            ];
        foreach (var type in new[] { DType.Float32, DType.BFloat16 })
        {
            using var scope = TensorScope.Begin();
            var values = Enumerable.Range(0, 51).Select(i => i % 6 == 5 ? 1 : exceptional[i % 6]).ToArray();
            Tensor[] differences = [Tensor.Empty(backend, [1, 51], type), Tensor.Empty(backend, [1, 51], type)];
            backend.Fill(differences[0], 3);
            Tensor.UpdateDifferencesInPlace(Tensor.From(backend, values, [1, 51]), differences, 1, -2);
            Assert.Equal(values, differences[0].As(DType.Float32).ToArray());
            Assert.Equal(values.Select(v => (v - 3) / -2), differences[1].As(DType.Float32).ToArray());
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        Tensor x = Tensor.Zeros(backend, [2, 3, 4]), gate = Tensor.Zeros(backend, [2, 4]);
        Tensor half = x.As(DType.Float16), other = Tensor.Zeros(backend, [2, 3, 5]);
        Fails("Combine: terms are Float32 or BFloat16, not Float16 [2, 3, 4].", () => Tensor.Combine([x, half], [1, 1]));
        Fails("Combine: a Float32 tensor is needed, not Float16 [2, 3, 4].", () => half.CombineInPlace([x], [1]));
        Fails(
            "AddGatedCombination: [2, 3, 4] needs a row per batch entry, [2, 4], not [2, 3, 5].",
            () => x.AddGatedCombinationInPlace(x, other, [x], [1]));
        Fails("AddGatedCombination: [2, 3, 4] and [2, 3, 5] differ.", () => x.AddGatedCombinationInPlace(x, gate, [other], [1]));
        Fails("AddGatedCombination: 1 terms need as many coefficients, not 2.", () => x.AddGatedCombinationInPlace(x, gate, [x], [1, 2]));
        Fails("UpdateDifferences: a Float32 tensor is needed, not Float16 [2, 3, 4].", () => Tensor.UpdateDifferencesInPlace(half, [x], 0, 1));
        Fails("UpdateDifferences: [2, 3, 4] and [2, 3, 5] differ.", () => Tensor.UpdateDifferencesInPlace(x, [other], 0, 1));
        Fails("UpdateDifferences: there is no difference to take in Float32 [2, 3, 4].", () => Tensor.UpdateDifferencesInPlace(x, [], 0, 1));
        Fails("UpdateDifferences: 2 of 1 differences cannot be known.", () => Tensor.UpdateDifferencesInPlace(x, [x.Copy()], 2, 1));
        Fails("UpdateDifferences: a gap of 0 with 1 known differences.", () => Tensor.UpdateDifferencesInPlace(x, [x.Copy()], 1, 0));
        Fails("UpdateDifferences: a gap of NaN with 1 known differences.", () => Tensor.UpdateDifferencesInPlace(x, [x.Copy()], 1, float.NaN));
    }

    private static void Fails(string message, Action operation) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(operation).Message, StringComparison.Ordinal);

    private static int[] Bits(Tensor x) => Array.ConvertAll(x.ToArray(), BitConverter.SingleToInt32Bits);
}
