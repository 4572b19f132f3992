using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

public sealed class AllocationTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly TensorScope _scope = TensorScope.Begin();

    public void Dispose()
    {
        _scope.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public unsafe void Operations_into_existing_tensors_allocate_nothing()
    {
        Tensor x = New([2, 40, 900]), y = New([2, 40, 900]), z = New([2, 40, 900]), gate = New([2, 900]), scale = New([2, 900]);
        Tensor image = New([2, 5, 9, 16]), small = New([2, 5, 9, 16]), large = New([2, 10, 18, 16]);
        Tensor weight = New([16]), permuted = New([2, 16, 5, 9]);
        var half = Tensor.Empty(_backend, [2, 40, 900], DType.BFloat16);
        var scores = New([40, 2000]);
        var indices = Tensor.Empty(_backend, [40, 300], DType.Int32);
        var tokens = Tensor.From(_backend, [1, 2, 3, 4], [2, 2]);
        var rows = Tensor.From(_backend, [1, 0], [2]);
        var some = New([2, 2, 900]);
        Tensor columnSums = New([2, 40]), norms = New([2, 3, 40]), labels = Tensor.From(_backend, new int[80], [2, 40]);
        Tensor[] terms = [x, y, x];
        Tensor[] mixed = [x, half, y], differences = [New([2, 40, 900]), Tensor.Empty(_backend, [2, 40, 900], DType.BFloat16), New([2, 40, 900])];
        float[] shared = [1, -2, 0.5f], perEntry = [1, 2, 3, 4, 5, 6];
        Tensor singles = Sums(1), pairs = Sums(2), triples = Sums(3);
        int[] axes = [0, 3, 1, 2];
        Tensor cosines = New([40, 100]), perHead = New([300]), channels = New([900]), bias = New([1, 40, 40]);
        var counts = IndexTable.From(_backend, [7, 40]);
        using var blocks = _backend.Pack(new QuantizedMatrix(QuantizedFormat.Q8_0, 8, 896, new byte[8 * 896 / 32 * 34]), null);
        Tensor eight = New([2, 40, 8]), narrow = x.Columns(0, 896);
        using var kernel = new PackedConv2d(_backend.Pack(New([16, 144]), New([16])), 3, 3, 16);
        using var pointwise = new PackedConv2d(_backend.Pack(New([16, 16]), New([16])), 1, 1, 16);
        Action[] operations =
        [
            () => _backend.Fill(z, 1),
            () => _backend.Copy(x, half),
            () => _backend.Copy(half, z),
            () => _backend.LinearCombination(terms, shared, z),
            () => _backend.LinearCombination(terms, perEntry, z),
            () => _backend.LinearCombination(mixed, shared, z),
            () => _backend.LinearCombination(mixed, perEntry, z),
            () => _backend.AddGatedCombination(x, gate, terms, shared, z),
            () => _backend.AddGatedCombination(z, gate, mixed, shared, z),
            () => _backend.UpdateDifferencesInPlace(x, differences, 0, 0),
            () => _backend.UpdateDifferencesInPlace(x, differences, 3, -4),
            () => _backend.Multiply(x, y, z),
            () => _backend.Clamp(x, -1, 1, z),
            () => _backend.Activate(x, Activation.None, z),
            () => _backend.Activate(x, Activation.Silu, z),
            () => _backend.Activate(x, Activation.GeluTanh, z),
            () => _backend.Activate(x, Activation.GeluErf, z),
            () => _backend.Activate(x, Activation.Exp, z),
            () => _backend.AddGated(x, gate, y, z),
            () => _backend.LayerNorm(x, gate, scale, 1e-6f, z),
            () => _backend.GroupNorm(image, 4, weight, weight, 1e-6f, Activation.Silu, small),
            () => _backend.Conv2d(image, kernel, 1, Padding.All(1), small),
            () => _backend.Conv2d(image, pointwise, 1, default, small),
            () => _backend.Permute(image, axes, permuted),
            () => _backend.UpsampleNearest2x(image, large),
            () => _backend.GatherTokens(x, tokens, some),
            () => _backend.ScatterTokensInPlace(some, tokens, z),
            () => _backend.GatherRows(x, rows, z),
            () => _backend.ScatterRowsInPlace(x, rows, z),
            () => _backend.TopK(scores, 300, indices),
            () => _backend.AttentionColumnSums(x, y, 3, 0.1f, columnSums),
            () => _backend.HeadNorms(x, 3, norms),
            () => _backend.NearestCentroidsL1(x, some, labels),
            () => _backend.ClusterMeans(x, labels, some),
            () => _backend.BlendGatheredTokensInPlace(some, labels, 0.1f, z),
            () => _backend.BlendGatheredTokensInPlace(some, labels, 0.1f, half),
            () => _backend.RmsNorm(x, perHead, 3, 1e-6f, z),
            () => _backend.AffineLayerNorm(x, channels, channels, 1e-6f, z),
            () => _backend.Rotate(x, cosines, cosines, RotaryPairs.Interleaved, 3, z),
            () => _backend.Rotate(x, cosines, cosines, RotaryPairs.Halves, 3, z),
            () => _backend.MultiplyActivated(x, y, Activation.Silu, z),
            () => _backend.Attention(x, y, x, 3, 0.1f, new AttentionOptions(KeyCounts: counts, IsCausal: true, Bias: bias), z),
            () => _backend.Linear(narrow, blocks, default, eight),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.NormRatio, pairs),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.L1, singles),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.L2, singles),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.RelativeL1, singles),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.RelativeL2, singles),
            () => _backend.RowErrorSums(x, y, ErrorMeasure.Cosine, triples),
        ];
        ThreadScratch.Floats(1); // on a busy machine the workers may take every tile of the first calls, and this thread has its first later
        for (var i = 0; i < operations.Length; i++)
        {
            Repeat(operations[i], 3);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(operations[i], 100);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bytes == 0, $"Operation {i} of the list allocated {bytes} bytes in 100 calls.");
        }
    }

    [Fact]
    public void Working_memory_goes_back_to_the_pool()
    {
        Tensor image = New([1, 9, 9, 8]), y = New([1, 9, 9, 8]), weight = New([8]);
        using var kernel = new PackedConv2d(_backend.Pack(New([8, 72]), null), 3, 3, 8);
        Tensor tokens = New([2, 40, 24]), sums = New([2, 40]), labels = Tensor.From(_backend, new int[80], [2, 40]), means = New([2, 3, 24]);
        using var one = Tensor.Empty(_backend, [1, 1], DType.Float64);
        var before = _backend.BytesInUse;
        _backend.GroupNorm(image, 2, weight, weight, 1e-6f, Activation.Silu, y);
        _backend.Conv2d(image, kernel, 1, Padding.All(1), y);
        _backend.RowErrorSums(image, y, ErrorMeasure.L1, one);
        _backend.AttentionColumnSums(tokens, tokens, 2, 0.3f, sums);
        _backend.ClusterMeans(tokens, labels, means);
        Assert.Equal(before, _backend.BytesInUse);
    }

    private static void Repeat(Action operation, int times)
    {
        for (var i = 0; i < times; i++)
        {
            operation();
        }
    }

    private Tensor Sums(int count) => Tensor.Empty(_backend, [2, count], DType.Float64);

    private Tensor New(Shape shape) => Tensor.Full(_backend, shape, 0.5f);
}
