using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>Attention on every backend of the table, against plain loops and against itself.</summary>
public sealed partial class AttentionContractTests : IDisposable
{
    private static readonly ReferenceBackend s_plain = new();

    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<string> Backends => BackendTable.Names;

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Equals_plain_loops_for_every_shape(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        foreach (var (batch, queries, keys, heads, width) in new[]
        {
            (1, 1, 1, 1, 1), (2, 37, 37, 3, 9), (1, 5, 300, 2, 8), (1, 3, 513, 1, 72), (1, 4, 33, 1, 512), (1, 3, 260, 1, 300), (2, 64, 64, 2, 16),
        })
        {
            float[] Run(IBackend b)
            {
                using var scope = TensorScope.Begin();
                var (k, v) = (Input(b, batch, keys, heads * width, 2), Input(b, batch, keys, heads * width, 3));
                return Input(b, batch, queries, heads * width, 1).AttendTo(k, v, heads).ToArray();
            }

            LinearContractTests.AssertNear(Run(s_plain), Run(backend), 5e-6f, $"{name} {batch}x{queries}x{keys}, {heads} heads of {width}");
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Large_scores_do_not_overflow(string name)
    {
        using var backend = BackendTable.Open(name, 1);
        float[] Run(IBackend b)
        {
            using var scope = TensorScope.Begin();
            var loud = Tensor.Combine([Input(b, 1, 600, 8, 2)], [200]);
            return Input(b, 1, 20, 8, 1).AttendTo(loud, Input(b, 1, 600, 8, 3), 1).ToArray();
        }

        LinearContractTests.AssertNear(Run(s_plain), Run(backend), 1e-4f, $"{name}"); // scores near 200 carry errors near 1e-5
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Reads_columns_of_one_tensor_and_writes_columns_of_another(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        var qkv = Input(backend, 2, 70, 3 * 36, 1);
        var (q, k, v) = (qkv.Chunk(0, 3), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        var dense = q.Copy().AttendTo(k.Copy(), v.Copy(), 3).ToArray();
        var target = Tensor.Full(backend, [2, 70, 40], 7);
        backend.Attention(q, k, v, 3, 1 / MathF.Sqrt(12), default, target.Columns(1, 36));
        Assert.Equal(dense, target.Columns(1, 36).ToArray());
        Assert.All(target.Columns(37, 3).ToArray(), value => Assert.Equal(7, value));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_querys_bits_do_not_depend_on_the_other_queries_or_on_threads(string name)
    {
        const int Queries = 700, Width = 24;
        float[]? all = null;
        foreach (var threads in BackendTable.ThreadCounts(name))
        {
            using var backend = BackendTable.Open(name, threads);
            var (q, k, v) = (Input(backend, 1, Queries, Width, 1), Input(backend, 1, 300, Width, 2), Input(backend, 1, 300, Width, 3));
            var now = q.AttendTo(k, v, 1).ToArray();
            Assert.Equal(all ??= now, now);
            foreach (var (first, count) in new[] { (0, 1), (699, 1), (17, 2), (100, 13), (9, 14), (9, 15), (150, 504), (1, 699) })
            {
                var some = Tensor.From(backend, q.ToArray().AsSpan(first * Width, count * Width), [1, count, Width]);
                Assert.Equal(all.AsSpan(first * Width, count * Width).ToArray(), some.AttendTo(k, v, 1).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Not_a_number_in_a_key_reaches_every_query_of_its_entry_only(string name)
    {
        using var backend = BackendTable.Open(name, 1);
        var values = LinearContractTests.Values([2, 40, 8], 2).Data;
        values[(25 * 8) + 3] = float.NaN;
        var y = Input(backend, 2, 6, 8, 1).AttendTo(Tensor.From(backend, values, [2, 40, 8]), Input(backend, 2, 40, 8, 3), 1).ToArray();
        Assert.All(y[..48], value => Assert.True(float.IsNaN(value)));
        Assert.All(y[48..], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public unsafe void Repeated_calls_allocate_nothing()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        var qkv = Input(backend, 2, 256, 3 * 128, 1);
        var (q, k, v, y) = (qkv.Chunk(0, 3), qkv.Chunk(1, 3), qkv.Chunk(2, 3), Tensor.Empty(backend, [2, 256, 128]));
        backend.Attention(q, k, v, 2, 0.1f, default, y);
        ThreadScratch.Floats(1); // on a busy machine the workers may take every tile of the first call
        var (bytes, system) = (GC.GetAllocatedBytesForCurrentThread(), backend.SystemAllocations);
        for (var i = 0; i < 100; i++)
        {
            backend.Attention(q, k, v, 2, 0.1f, default, y);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.Equal(system, backend.SystemAllocations);
    }

    private static Tensor Input(IBackend backend, int batch, int tokens, int channels, int seed) =>
        Tensor.From(backend, LinearContractTests.Values([batch, tokens, channels], seed).Data, [batch, tokens, channels]);
}
