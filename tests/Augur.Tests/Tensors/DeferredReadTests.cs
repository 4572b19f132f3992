using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>What the host wants to know of a call: read together, once, and tables that need no reading.</summary>
public sealed class DeferredReadTests
{
    public static TheoryData<string> Backends => BackendTable.NamesAndReference;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Several_results_are_read_in_one_wait_with_the_bits_of_reads_one_by_one(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        using var read = new DeferredRead();
        var expected = new List<double[]>();
        var deferred = new List<Deferred<double[]>>();
        Deferred<int[]> order;
        Deferred<float[]> numbers;
        using (TensorScope.Begin())
        {
            var o = new Operands(backend, [3, 40, 77]);
            foreach (var measure in Enum.GetValues<ErrorMeasure>())
            {
                var (x, y) = (o.Next(), o.Next());
                expected.Add(x.ErrorsFrom(y, measure));
                deferred.Add(read.Errors(x, y, measure));
            }

            var scores = o.Next([3, 9]);
            order = read.Indices(scores.TopK(4));
            numbers = read.Numbers(scores.Columns(2, 3));
            expected.Add(Array.ConvertAll(scores.TopK(4).ToInt32Array(), i => (double)i));
            expected.Add(Array.ConvertAll(scores.Columns(2, 3).ToArray(), v => (double)v));
        }

        Assert.False(deferred[0].IsRead); // and the scope that made them has ended
        Assert.Equal(expected[1].Select(BitConverter.DoubleToInt64Bits), deferred[1].Value.Select(BitConverter.DoubleToInt64Bits));
        Assert.True(deferred[0].IsRead && order.IsRead && numbers.IsRead);
        Assert.Equal((1, 0), (read.Waits, read.Waiting));
        Assert.Equal(expected[..^2].SelectMany(e => e), deferred.SelectMany(d => d.Value));
        Assert.Equal(expected[^2], Array.ConvertAll(order.Value, i => (double)i));
        Assert.Equal(expected[^1], Array.ConvertAll(numbers.Value, v => (double)v));
        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void What_nobody_looks_at_is_released_and_never_read()
    {
        using var backend = BackendTable.Open("reference");
        Deferred<double[]> never;
        using (var read = new DeferredRead())
        {
            using var scope = TensorScope.Begin();
            never = read.Errors(Tensor.Full(backend, [2, 3], 1), Tensor.Full(backend, [2, 3], 2), ErrorMeasure.L1);
            Assert.Equal(1, read.Waiting);
        }

        Assert.Equal(0, backend.BytesInUse);
        Assert.Throws<ObjectDisposedException>(() => never.Value);
    }

    [Fact]
    public void Results_of_two_backends_are_not_read_together()
    {
        using var backend = BackendTable.Open("reference");
        using var other = BackendTable.Open(BackendTable.All[0].Name);
        using var scope = TensorScope.Begin();
        using var read = new DeferredRead();
        read.Numbers(Tensor.Full(backend, [2], 1));
        var error = Assert.Throws<ArgumentException>(() => read.Numbers(Tensor.Full(other, [2], 1)));
        Assert.Equal($"DeferredRead: a result on {other.Name} cannot be read together with results on {backend.Name}.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_table_of_the_host_knows_its_indices_and_a_device_table_reads_them_once(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var table = IndexTable.From(backend, [2, 0, 1, 1, 5, 3], [2, 3]);
        Assert.True(table.IsOnHost);
        Assert.Equal([2, 0, 1, 1, 5, 3], table.Tensor.ToInt32Array());
        Assert.Equal([1, 5, 3], table.Row(1).ToArray());
        var below = table.Rows(1, 1);
        Assert.True(below.IsOnHost);
        Assert.Equal([1, 5, 3], below.Indices.ToArray());
        var both = IndexTable.Concatenate(below, table);
        Assert.True(both.IsOnHost);
        Assert.Equal([1, 5, 3, 2, 0, 1, 1, 5, 3], both.Indices.ToArray());
        Assert.Equal(both.Indices.ToArray(), both.Tensor.ToInt32Array());
        Assert.Equal(["c", "a", "b"], IndexTable.From(backend, [2, 0, 1]).Pick(["a", "b", "c"]));

        var chosen = IndexTable.From(Tensor.From(backend, [3f, 9, 1, 7], [1, 4]).TopK(2));
        var mixed = IndexTable.Concatenate(chosen, IndexTable.From(backend, [0, 0], [1, 2]));
        Assert.False(chosen.IsOnHost || mixed.IsOnHost);
        Assert.Equal([1, 3, 0, 0], mixed.Indices.ToArray());
        Assert.True(mixed.IsOnHost);
    }

    [Fact]
    public void Indices_that_do_not_fit_are_named()
    {
        using var backend = BackendTable.Open("reference");
        using var scope = TensorScope.Begin();
        var x = Tensor.Zeros(backend, [2, 3, 4]);
        void Expect(string message, Action act) =>
            Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
        Expect("IndexTable: an index of -1 in a table [2].", () => IndexTable.From(backend, [0, -1]));
        Expect("IndexTable: 3 indices are not a table [2, 2] of one or two axes.", () => IndexTable.From(backend, [0, 1, 2], [2, 2]));
        Expect("IndexTable: a Int32 tensor is needed, not Float32 [2, 3, 4].", () => IndexTable.From(x));
        Expect("IndexTable: there are no tables to concatenate.", () => IndexTable.Concatenate());
        Expect("IndexTable: entry 2 of [2, 1].", () => IndexTable.From(backend, [0, 1], [2, 1]).Row(2));
        Expect("IndexTable: index 3 is not below 3.", () => IndexTable.From(backend, [3]).Pick([1, 2, 3]));
        Expect("GatherRows: index 2 is not below 2.", () => x.GatherRows(IndexTable.From(backend, [2])));
        Expect("ScatterRowsInPlace: index 2 is not below 2.", () => x.ScatterRowsInPlace(IndexTable.From(backend, [2]), x.Rows(0, 1)));
        Expect("GatherTokens: index 3 is not below 3.", () => x.GatherTokens(IndexTable.From(backend, [0, 3], [2, 1])));
        Expect(
            "ScatterTokensInPlace: index 3 is not below 3.",
            () => x.ScatterTokensInPlace(IndexTable.From(backend, [0, 3], [2, 1]), Tensor.Zeros(backend, [2, 1, 4])));
        Expect("GatherTokens: an index table [3, 1] does not fit [2, 3, 4].", () => x.GatherTokens(IndexTable.From(backend, [0, 1, 2], [3, 1])));
    }
}
