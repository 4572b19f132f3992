using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Weights: packed, kept on the device or streamed.</content>
public sealed partial class VulkanBackend
{
    // Of the streamed weights so many keep their memory: while one is read, the next is copied to other memory.
    private const int StreamedAtOnce = 2;

    private readonly Queue<DeviceSpan> _streamed = new();
    private readonly Lock _streaming = new();
    private long _weightBytes;

    /// <summary>Bytes of weights that stay on the device.</summary>
    internal long ResidentWeightBytes => Interlocked.Read(ref _weightBytes);

    /// <summary>Bytes that were copied from the host for single uses.</summary>
    internal long StreamedBytes { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not a dense matrix of a floating-point type, or a bias of another length.</exception>
    public PackedLinear Pack(Tensor weight, Tensor? bias)
    {
        if (weight.Shape.Rank != 2 || weight.Shape.ElementCount == 0 || !weight.IsDense || !weight.Type.IsActivation())
        {
            throw new ArgumentException($"Pack: a weight is a dense matrix [outputs, inputs] of a floating-point type, not {weight}.");
        }

        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        RequireBias(bias, outputs, inputs);
        var x = View(weight, nameof(Pack));
        return Store(outputs, (long)inputs * weight.Type.Size(), bias, stored =>
        {
            if (HasRoomFor(weight.ByteCount))
            {
                stored.Resident = RentWeight(weight.ByteCount);
                Move(x, x with { Address = stored.Resident.Value.Address, Stride = x.Columns });
                return VulkanWeight.Of(stored, outputs, inputs, weight.Type, null);
            }

            var bytes = new byte[weight.ByteCount];
            Download([weight], bytes);
            stored.KeepOnHost(bytes);
            return VulkanWeight.Of(stored, outputs, inputs, weight.Type, null);
        });
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A bias of another length or type.</exception>
    public PackedLinear Pack(QuantizedMatrix weight, Tensor? bias)
    {
        RequireBias(bias, weight.Rows, weight.Columns);
        var stored = new StoredWeight(this, weight.RowBytes);
        try
        {
            if (HasRoomFor(weight.Bytes.Length))
            {
                stored.Resident = RentWeight(weight.Bytes.Length);
                _queue.Upload(weight.Bytes, stored.Resident.Value, 0);
            }
            else
            {
                stored.KeepOnHost(weight);
            }

            if (weight.Format.IsFloat8())
            {
                var scales = new float[weight.Rows];
                for (var row = 0; row < scales.Length; row++)
                {
                    scales[row] = weight.ScaleOf(row);
                }

                stored.Scales = Memory.Rent(scales.Length * sizeof(float));
                _queue.Upload(MemoryMarshal.AsBytes(scales.AsSpan()), stored.Scales.Value, 0);
            }

            StoreBias(stored, bias);
            return VulkanWeight.Of(stored, weight.Rows, weight.Columns, DType.Float32, weight.Format);
        }
        catch
        {
            stored.Release();
            throw;
        }
    }

    /// <summary>What a product reads of a weight: where its first row lies, and which output that is.</summary>
    internal readonly record struct WeightView(DeviceSpan Span, ulong Address, uint FirstOutput);

    /// <summary>Counts a weight out that no longer stays on the device.</summary>
    internal void ReleaseWeight(DeviceSpan? resident)
    {
        if (resident is { } span)
        {
            Interlocked.Add(ref _weightBytes, -span.Bytes);
        }
    }

    private VulkanWeight Store(int outputs, long rowBytes, Tensor? bias, Func<StoredWeight, VulkanWeight> place)
    {
        var stored = new StoredWeight(this, rowBytes);
        try
        {
            var weight = place(stored);
            StoreBias(stored, bias);
            return weight;
        }
        catch
        {
            stored.Release();
            throw;
        }
    }

    private void StoreBias(StoredWeight stored, Tensor? bias)
    {
        if (bias is null)
        {
            return;
        }

        var length = (uint)bias.Shape.ElementCount;
        var x = View(bias, nameof(Pack)) with { Rows = 1, Columns = length, Stride = length };
        stored.Bias = Memory.Rent((long)x.Columns * sizeof(float));
        Elementwise(ElementOperation.Convert, x, null, null, x with { Address = stored.Bias.Value.Address, Type = DType.Float32 }, 1);
    }

    private bool HasRoomFor(long bytes) => Options.WeightBudget is not { } most || ResidentWeightBytes + bytes <= most;

    private DeviceSpan RentWeight(long bytes)
    {
        var span = Memory.Rent(bytes);
        Interlocked.Add(ref _weightBytes, span.Bytes);
        return span;
    }

    // A resident weight as it lies, or a copy of a streamed one, which stays until two others were copied: the copy of the next one does not touch
    // what the device still reads.
    private WeightView Read(VulkanWeight weight)
    {
        var stored = weight.Stored;
        if (stored.Resident is { } resident)
        {
            // Rows of 8-bit floats may begin on odd bytes, so that the kernel counts from the whole weight.
            return weight.Format?.IsFloat8() == true ? new WeightView(resident, resident.Address, weight.First)
                : new WeightView(resident, resident.Address + (ulong)(weight.First * stored.RowBytes), 0);
        }

        lock (_streaming)
        {
            while (_streamed.Count >= StreamedAtOnce)
            {
                Memory.Return(_streamed.Dequeue());
            }

            var bytes = stored.Rows(weight.First, weight.Outputs);
            var span = Memory.Rent(bytes.Length);
            _streamed.Enqueue(span);
            _queue.Upload(bytes, span, 0);
            StreamedBytes += bytes.Length;
            return new WeightView(span, span.Address, 0);
        }
    }

    private void ReturnStreamed()
    {
        lock (_streaming)
        {
            while (_streamed.TryDequeue(out var span))
            {
                Memory.Return(span);
            }
        }
    }

    private VulkanWeight Own(PackedLinear weight, string operation) => weight is VulkanWeight own && own.Stored.Owner == this ? own
        : throw new ArgumentException($"{operation}: a weight [{weight.Outputs}, {weight.Inputs}] packed by another backend was given to {Name}.");

    private static void RequireBias(Tensor? bias, int outputs, int inputs)
    {
        if (bias is not null && (bias.Shape.ElementCount != outputs || !bias.IsDense || !bias.Type.IsActivation()))
        {
            throw new ArgumentException($"Pack: a weight [{outputs}, {inputs}] needs a bias [{outputs}], not {bias}.");
        }
    }
}
