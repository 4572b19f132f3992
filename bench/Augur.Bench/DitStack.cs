using Augur.Tensors;

namespace Augur.Bench;

/// <summary>The blocks of DiT-S/2 at 256 tokens (Peebles and Xie, 2023): 12 layers, 384 channels, 6 heads; no embedding and no final layer.</summary>
internal sealed class DitStack : IDisposable
{
    public const int Layers = 12, Channels = 384, Heads = 6, Tokens = 256;
    private const float Epsilon = 1e-6f;

    private readonly Block[] _blocks;

    public DitStack(IBackend backend, DType type = DType.Float32) =>
        _blocks = [.. Enumerable.Range(0, Layers).Select(i => new Block(backend, type, 100 * (i + 1)))];

    /// <summary>GFLOP of one call.</summary>
    public static double Work(int batch) =>
        batch * Layers * ((2.0 * Tokens * Channels * 12 * Channels) + (4.0 * Tokens * Tokens * Channels) + (2.0 * Channels * 6 * Channels)) / 1e9;

    /// <summary>x [batch, tokens, channels] and condition [batch, channels] to [batch, tokens, channels].</summary>
    public Tensor Forward(Tensor x, Tensor condition)
    {
        using var scope = TensorScope.Begin();
        var active = condition.Activate(Activation.Silu);
        foreach (var block in _blocks)
        {
            x = block.Forward(x, active);
        }

        return x.Escape();
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }
    }

    private sealed class Block(IBackend backend, DType type, int seed) : IDisposable
    {
        private readonly PackedLinear _modulation = Pack(backend, type, 6 * Channels, Channels, seed);
        private readonly PackedLinear _qkv = Pack(backend, type, 3 * Channels, Channels, seed + 1);
        private readonly PackedLinear _projection = Pack(backend, type, Channels, Channels, seed + 2);
        private readonly PackedLinear _up = Pack(backend, type, 4 * Channels, Channels, seed + 3);
        private readonly PackedLinear _down = Pack(backend, type, Channels, 4 * Channels, seed + 4);

        public Tensor Forward(Tensor x, Tensor condition)
        {
            using var scope = TensorScope.Begin(); // per block, so that the next one finds this one's memory still in cache
            var modulation = condition.Linear(_modulation); // [batch, 6 · channels]
            var qkv = x.ModulatedLayerNorm(modulation.Chunk(0, 6), modulation.Chunk(1, 6), Epsilon).Linear(_qkv); // [batch, tokens, 3 · channels]
            var attended = qkv.Chunk(0, 3).AttendTo(qkv.Chunk(1, 3), qkv.Chunk(2, 3), Heads);
            x = x.AddGated(modulation.Chunk(2, 6), attended.Linear(_projection));
            var hidden = x.ModulatedLayerNorm(modulation.Chunk(3, 6), modulation.Chunk(4, 6), Epsilon).Linear(_up, Activation.GeluTanh);
            return x.AddGated(modulation.Chunk(5, 6), hidden.Linear(_down)).Escape();
        }

        public void Dispose()
        {
            foreach (var weight in new[] { _modulation, _qkv, _projection, _up, _down })
            {
                weight.Dispose();
            }
        }

        private static PackedLinear Pack(IBackend backend, DType type, int outputs, int inputs, int seed)
        {
            using var scope = TensorScope.Begin();
            var weight = Values.Tensor(backend, [outputs, inputs], seed, 1.7f / MathF.Sqrt(inputs));
            return backend.Pack(type == DType.Float32 ? weight : weight.As(type), Values.Tensor(backend, [outputs], seed + 50, 0.1f));
        }
    }
}
