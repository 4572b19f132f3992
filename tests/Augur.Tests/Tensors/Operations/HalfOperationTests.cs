using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>Half precision between operations: which operations take it, and that they round once.</summary>
public sealed class HalfOperationTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<string, string> Operations
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (operation, _) in HalfOperations.All)
            {
                foreach (var backend in BackendTable.All)
                {
                    rows.Add(operation, backend.Name);
                }
            }

            return rows;
        }
    }

    /// <summary>What computes in single precision only, and says so.</summary>
    public static TheoryData<string> Refusals => [.. s_refusals.Keys];

    private static readonly Dictionary<string, Func<Tensor, object>> s_refusals = new()
    {
        ["Clamp"] = x => x.Clamp(0, 1),
        ["Pool2d"] = x => x.Reshape([1, 2, 3, 4]).Pool2d(Pooling.Max, new PoolWindow(1, 1, 1, default)),
        ["UpsampleNearest2x"] = x => x.Reshape([1, 2, 3, 4]).UpsampleNearest2x(),
        ["TopK"] = x => x.TopK(1),
        ["ErrorsFrom"] = x => x.ErrorsFrom(x, ErrorMeasure.L1),
        ["TokenErrorsFrom"] = x => x.Reshape([2, 3, 4]).TokenErrorsFrom(x.Reshape([2, 3, 4]), ErrorMeasure.L1),
        ["NearestCentroidsL1"] = x => x.Reshape([2, 3, 4]).NearestCentroidsL1(x.Reshape([2, 3, 4])),
        ["ClusterMeans"] = x => x.Reshape([2, 3, 4]).ClusterMeans(Tensor.From(x.Backend, new int[6], [2, 3]), 2),
        ["ToArray"] = x => x.ToArray(),
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Operations))]
    public void Half_operands_give_the_bits_of_their_widened_copies_rounded_once(string operation, string on)
    {
        using var backend = BackendTable.Open(on, 2);
        var run = HalfOperations.All.Single(o => o.Name == operation).Run;
        foreach (var type in new[] { DType.Float16, DType.BFloat16 })
        {
            foreach (var asViews in new[] { false, true })
            {
                var narrow = run(new Operands(backend, [2, 5, 24], asViews), x => x.As(type), type);
                var wide = run(new Operands(backend, [2, 5, 24], asViews), x => x.As(type).As(DType.Float32), DType.Float32);
                Assert.Equal(type, narrow.Type);
                Assert.Equal(DType.Float32, wide.Type);
                Assert.Equal(wide.As(type).As(DType.Float32).ToArray(), narrow.As(DType.Float32).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void An_operation_that_computes_in_single_precision_refuses_halves_by_name(string operation)
    {
        foreach (var type in new[] { DType.Float16, DType.BFloat16 })
        {
            using var backend = BackendTable.Open("reference"); // the check stands before any backend
            var x = Tensor.Full(backend, [6, 4], 1).As(type);
            var error = Assert.Throws<ArgumentException>(() => s_refusals[operation](x));
            Assert.StartsWith($"{operation}: a Float32 tensor is needed, not {type} [", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(BackendTable.Names), MemberType = typeof(BackendTable))]
    public void Scores_of_tokens_are_measured_of_widened_halves(string on)
    {
        using var backend = BackendTable.Open(on);
        var o = new Operands(backend, [2, 5, 24], true);
        foreach (var type in new[] { DType.Float16, DType.BFloat16 })
        {
            var (q, k) = (o.Next().As(type), o.Next().As(type));
            var (wideQ, wideK) = (q.As(DType.Float32), k.As(DType.Float32));
            Assert.Equal(wideQ.AttentionColumnSums(wideK, 6).ToArray(), q.AttentionColumnSums(k, 6).ToArray());
            Assert.Equal(wideK.HeadNorms(6).ToArray(), k.HeadNorms(6).ToArray());
        }
    }

    [Fact]
    public void A_sum_takes_single_precision_and_BFloat16_and_refuses_Float16_by_name()
    {
        using var backend = BackendTable.Open("reference");
        var x = Tensor.Full(backend, [2, 3], 1);
        Assert.Equal(2, (x + x.As(DType.BFloat16)).ToArray()[0]);
        var error = Assert.Throws<ArgumentException>(() => x + x.As(DType.Float16));
        Assert.Equal("Combine: terms are Float32 or BFloat16, not Float16 [2, 3].", error.Message);
    }

    [Fact]
    public void Indices_and_sums_are_not_computed_with()
    {
        using var backend = BackendTable.Open("reference");
        var table = Tensor.From(backend, [1, 2, 3, 4], [2, 2]);
        var sums = Tensor.Full(backend, [2, 3], 1).ErrorSumsFrom(Tensor.Full(backend, [2, 3], 1), ErrorMeasure.Cosine);
        Assert.Equal(
            "Activate: a Float32, Float16 or BFloat16 tensor is needed, not Int32 [2, 2].",
            Assert.Throws<ArgumentException>(() => table.Activate(Activation.Silu)).Message);
        Assert.Equal("As: Int32 [2, 2] cannot become Float32.", Assert.Throws<ArgumentException>(() => table.As(DType.Float32)).Message);
        Assert.Equal(
            "Activate: a result is Float32, Float16 or BFloat16, not Int32 [2, 2].",
            Assert.Throws<ArgumentException>(() => Tensor.Full(backend, [2, 2], 1).Activate(Activation.Silu, DType.Int32)).Message);
        Action[] uses = [() => sums.Copy(), () => sums.Permute(1, 0), () => sums.Slice(0, 0, 1), () => Tensor.Concatenate([sums], 0)];
        foreach (var use in uses)
        {
            Assert.Contains("Float64 [2, 3] holds sums for the host", Assert.Throws<ArgumentException>(use).Message, StringComparison.Ordinal);
        }
    }
}
