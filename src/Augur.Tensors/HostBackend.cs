namespace Augur.Tensors;

/// <summary>Common part of the plain and the fast CPU backend: host memory, copies, and data movement that has no arithmetic in it.</summary>
public abstract unsafe partial class HostBackend : IBackend
{
    private readonly HostMemory _memory;

    /// <summary>Makes a backend with a memory budget in bytes.</summary>
    /// <param name="memoryBudget">At least 1; null: limited by the operating system only.</param>
    /// <param name="activationType">Type of what one operation hands to the next: Float32, Float16 or BFloat16.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    /// <exception cref="ArgumentException">Activations of another type.</exception>
    protected HostBackend(long? memoryBudget, DType activationType)
    {
        Capabilities = new(
            IsBatchInvariant: true,
            ProductPrecision: DType.Float32,
            ActivationType: activationType.RequiredActivation(),
            TotalMemory: GC.GetGCMemoryInfo().TotalAvailableMemoryBytes); // what the container allows, where there is one
        _memory = memoryBudget is < 1
            ? throw new ArgumentOutOfRangeException(nameof(memoryBudget), $"A memory budget begins at 1 byte, not {memoryBudget}.")
            : new HostMemory(this, memoryBudget);
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public BackendCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public abstract bool HasIntegerWeights { get; }

    /// <inheritdoc/>
    public long BytesInUse => _memory.BytesInUse;

    /// <inheritdoc/>
    public long PeakBytesInUse => _memory.PeakBytesInUse;

    /// <inheritdoc/>
    public long BytesReserved => _memory.BytesReserved;

    /// <inheritdoc/>
    public long BytesAvailable => Math.Max(0, (_memory.Budget ?? Capabilities.TotalMemory!.Value) - BytesInUse);

    /// <summary>How often memory was taken from the operating system; constant once every size has been used.</summary>
    public long SystemAllocations => _memory.SystemAllocations;

    /// <inheritdoc/>
    public void ResetPeak() => _memory.ResetPeak();

    /// <inheritdoc/>
    public void Trim() => _memory.Trim();

    /// <inheritdoc/>
    /// <remarks>Nothing is queued: an operation is done when it returns.</remarks>
    public void Synchronize()
    {
    }

    /// <inheritdoc/>
    public TensorBuffer Rent(long byteCount) => _memory.Rent(byteCount);

    /// <inheritdoc/>
    public void Upload(ReadOnlySpan<byte> source, Tensor destination)
    {
        source.CopyTo(new Span<byte>(Address(destination), checked((int)destination.ByteCount)));
        GC.KeepAlive(destination); // keeps the tensor's memory alive during the copy
    }

    /// <inheritdoc/>
    public void Download(ReadOnlySpan<Tensor> sources, Span<byte> destination)
    {
        foreach (var source in sources)
        {
            var row = source.Shape.Columns * source.Type.Size();
            var stride = source.RowStride * source.Type.Size();
            var p = (byte*)Address(source);
            for (long r = 0; r < source.Shape.Rows; r++)
            {
                new ReadOnlySpan<byte>(p + (r * stride), row).CopyTo(destination);
                destination = destination[row..];
            }

            GC.KeepAlive(source);
        }
    }

    /// <inheritdoc/>
    public virtual void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y)
    {
        // Walk y in order; strides[a] is how far x moves when y's axis a advances by one. Six axes, outer ones of extent 1.
        Span<long> strides = stackalloc long[Shape.MaxRank];
        Span<int> extents = stackalloc int[Shape.MaxRank];
        strides.Clear();
        extents.Fill(1);
        var pad = Shape.MaxRank - axes.Length;
        for (var a = 0; a < axes.Length; a++)
        {
            strides[pad + a] = x.Shape.Product(axes[a] + 1, x.Shape.Rank);
            extents[pad + a] = y.Shape[a];
        }

        if (x.Type.Size() == 4)
        {
            PermuteElements((uint*)Address(x), (uint*)Address(y), extents, strides);
        }
        else
        {
            PermuteElements((ushort*)Address(x), (ushort*)Address(y), extents, strides);
        }
    }

    /// <inheritdoc/>
    public virtual void UpsampleNearest2x(Tensor x, Tensor y)
    {
        int height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3];
        float* from = (float*)Address(x), to = (float*)Address(y);
        for (long row = 0; row < (long)x.Shape[0] * height; row++)
        {
            var upper = to + (row * 4 * width * channels);
            for (var column = 0; column < width; column++)
            {
                var pixel = new ReadOnlySpan<float>(from + (((row * width) + column) * channels), channels);
                pixel.CopyTo(new Span<float>(upper + ((2L * column) * channels), channels));
                pixel.CopyTo(new Span<float>(upper + (((2L * column) + 1) * channels), channels));
            }

            Buffer.MemoryCopy(upper, upper + (2L * width * channels), 2L * width * channels * sizeof(float), 2L * width * channels * sizeof(float));
        }
    }

    /// <inheritdoc/>
    public abstract void Fill(Tensor x, float value);

    /// <inheritdoc/>
    public abstract void Copy(Tensor x, Tensor y);

    /// <inheritdoc/>
    public abstract void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y);

    /// <inheritdoc/>
    public abstract void AddGatedCombination(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y);

    /// <inheritdoc/>
    public abstract void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap);

    /// <inheritdoc/>
    public abstract void Multiply(Tensor x, Tensor y, Tensor z);

    /// <inheritdoc/>
    public abstract void Clamp(Tensor x, float low, float high, Tensor y);

    /// <inheritdoc/>
    public abstract void Activate(Tensor x, Activation activation, Tensor y);

    /// <inheritdoc/>
    public abstract void MultiplyActivated(Tensor x, Tensor gate, Activation activation, Tensor z);

    /// <inheritdoc/>
    public abstract void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y);

    /// <inheritdoc/>
    public abstract void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y);

    /// <inheritdoc/>
    public abstract void AffineLayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon, Tensor y);

    /// <inheritdoc/>
    public abstract void RmsNorm(Tensor x, Tensor? weight, int heads, float epsilon, Tensor y);

    /// <inheritdoc/>
    public abstract void Rotate(Tensor x, Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, Tensor y);

    /// <inheritdoc/>
    public abstract void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y);

    /// <inheritdoc/>
    public abstract PackedLinear Pack(Tensor weight, Tensor? bias);

    /// <inheritdoc/>
    public abstract PackedLinear Pack(QuantizedMatrix weight, Tensor? bias);

    /// <inheritdoc/>
    public abstract void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y);

    /// <inheritdoc/>
    public abstract void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, in AttentionOptions options, Tensor y);

    /// <inheritdoc/>
    public abstract void AttentionColumnSums(Tensor q, Tensor k, int heads, float scale, Tensor sums);

    /// <inheritdoc/>
    public abstract void HeadNorms(Tensor x, int heads, Tensor norms);

    /// <inheritdoc/>
    public abstract void NearestCentroidsL1(Tensor x, Tensor centroids, Tensor labels);

    /// <inheritdoc/>
    public abstract void ClusterMeans(Tensor x, Tensor labels, Tensor means);

    /// <inheritdoc/>
    public abstract void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio, Tensor y);

    /// <inheritdoc/>
    public abstract void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y);

    /// <inheritdoc/>
    public abstract void Pool2d(Tensor x, Pooling pooling, PoolWindow window, Tensor y);

    /// <inheritdoc/>
    public abstract void RowErrorSums(Tensor x, Tensor y, ErrorMeasure measure, Tensor sums);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases pooled memory; buffers in use are freed when their tensors are released.</summary>
    protected virtual void Dispose(bool disposing) => _memory.Dispose();

    /// <summary>Address of a tensor's first element.</summary>
    internal static void* Address(Tensor tensor) => tensor.Buffer is HostBuffer buffer
        ? (byte*)buffer.Pointer + (tensor.Offset * tensor.Type.Size())
        : throw new ArgumentException($"A tensor of another backend ({tensor.Backend.Name}) was given to a CPU operation.");

    private static void PermuteElements<T>(T* x, T* y, ReadOnlySpan<int> extents, ReadOnlySpan<long> strides)
        where T : unmanaged
    {
        for (var a = 0; a < extents[0]; a++)
        {
            for (var b = 0; b < extents[1]; b++)
            {
                for (var c = 0; c < extents[2]; c++)
                {
                    for (var d = 0; d < extents[3]; d++)
                    {
                        for (var e = 0; e < extents[4]; e++)
                        {
                            var from = x + (a * strides[0]) + (b * strides[1]) + (c * strides[2]) + (d * strides[3]) + (e * strides[4]);
                            for (var f = 0; f < extents[5]; f++, from += strides[5])
                            {
                                *y++ = *from;
                            }
                        }
                    }
                }
            }
        }
    }
}
