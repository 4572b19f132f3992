namespace Augur.Sampling;

/// <summary>
/// The numbers of <c>torch.manual_seed(seed)</c> followed by <c>torch.randn(n, device="cuda")</c>, one call per <see cref="Fill"/>.
/// </summary>
/// <remarks>
/// PyTorch launches blocks of 256 threads, at most as many as the device holds at once (multiprocessors × ⌊threads each / 256⌋), and each thread
/// draws four normals at a time and writes them one grid apart. Numbers beyond the first grid therefore depend on the device; up to 256 ×
/// multiprocessors × ⌊threads each / 256⌋ numbers (16 384, a latent of 4 × 64 × 64, fit every current card) do not. The defaults are an A100's 108
/// multiprocessors with 2048 threads. The random words are exact; CUDA's fast sine and cosine differ from these in the last bits.
/// </remarks>
public sealed class TorchCudaNoise : INoiseSource
{
    private const int BlockSize = 256;
    private const int DrawsPerCall = 4;

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly int _gridLimit;
    private ulong _counter;

    /// <summary>A source that starts at the first number.</summary>
    /// <param name="seed">As given to <c>torch.manual_seed</c>; all 64 bits are used.</param>
    /// <param name="multiprocessors">Multiprocessors of the device whose numbers are reproduced, 1 to 1024. Default 108 (A100).</param>
    /// <param name="threadsPerMultiprocessor">
    /// Most resident threads of one multiprocessor, 256 to 4096. Default 2048 (A100, H100); 1536 for GeForce 30 and 40.
    /// </param>
    public TorchCudaNoise(ulong seed, int multiprocessors = 108, int threadsPerMultiprocessor = 2048)
    {
        if (multiprocessors is < 1 or > 1024 || threadsPerMultiprocessor is < BlockSize or > 4096)
        {
            throw new ArgumentException(
                $"TorchCudaNoise: {multiprocessors} multiprocessors with {threadsPerMultiprocessor} threads; "
                + $"1 to 1024 and {BlockSize} to 4096 are possible.");
        }

        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        _gridLimit = multiprocessors * (threadsPerMultiprocessor / BlockSize);
    }

    /// <inheritdoc/>
    public void Fill(Span<float> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        var threads = Math.Min(_gridLimit, (destination.Length + BlockSize - 1) / BlockSize) * BlockSize;
        var rounds = ((destination.Length - 1) / (threads * DrawsPerCall)) + 1;
        for (var round = 0; round < rounds; round++)
        {
            var counter = _counter + (ulong)round;
            var start = round * threads * DrawsPerCall;
            for (var thread = 0; thread < threads && start + thread < destination.Length; thread++)
            {
                Write(destination[(start + thread)..], threads, Philox.Words((uint)counter, (uint)(counter >> 32), (uint)thread, 0, _key0, _key1));
            }
        }

        // PyTorch moves its offset by four per round of four draws; four words are one counter.
        _counter += (ulong)rounds;
    }

    // Writes the four normals of one thread, each one grid further.
    private static void Write(Span<float> destination, int stride, (uint X, uint Y, uint Z, uint W) words)
    {
        var (first, second) = BoxMuller(words.X, words.Y);
        destination[0] = first;
        if (stride < destination.Length)
        {
            destination[stride] = second;
        }

        if (2 * stride < destination.Length)
        {
            (first, second) = BoxMuller(words.Z, words.W);
            destination[2 * stride] = first;
            if (3 * stride < destination.Length)
            {
                destination[3 * stride] = second;
            }
        }
    }

    // cuRAND's transform: uniform numbers in (0, 1] and (0, 2π] from the middle of each word's interval, sine first.
    private static (float First, float Second) BoxMuller(uint x, uint y)
    {
        const float Scale = 2.3283064e-10f;
        const float AngleScale = Scale * 6.2831855f;
        var u = (x * Scale) + (Scale / 2);
        var angle = (y * AngleScale) + (AngleScale / 2);
        var radius = MathF.Sqrt(-2 * MathF.Log(u));
        var (sine, cosine) = MathF.SinCos(angle);
        return (radius * sine, radius * cosine);
    }
}
