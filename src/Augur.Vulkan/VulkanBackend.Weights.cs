using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Weights: packed, kept on the device or streamed.</content>
public sealed partial class VulkanBackend
{
    private readonly Lock _streaming = new();
    private WeightStream? _stream;
    private long _weightBytes;

    /// <summary>Bytes of weights that stay on the device.</summary>
    internal long ResidentWeightBytes => Interlocked.Read(ref _weightBytes);

    /// <summary>Bytes that were copied from the host for single uses.</summary>
    internal long StreamedBytes => _stream?.Bytes ?? 0;

    /// <summary>Uses of such weights that found them copied already.</summary>
    internal long ForeseenWeights => _stream?.Foreseen ?? 0;

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

    /// <summary>Counts a weight out that is released, and forgets it.</summary>
    internal void ReleaseWeight(StoredWeight weight)
    {
        if (weight.Resident is { } span)
        {
            Interlocked.Add(ref _weightBytes, -span.Bytes);
            return;
        }

        lock (_streaming)
        {
            _stream?.Forget(weight);
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

    // A resident weight as it lies. Rows of 8-bit floats may begin on odd bytes, so that the kernel counts from the whole weight.
    private static WeightView Resident(VulkanWeight weight, DeviceSpan span) => weight.Format?.IsFloat8() == true
        ? new WeightView(span, span.Address, weight.First)
        : new WeightView(span, span.Address + (ulong)(weight.First * weight.Stored.RowBytes), 0);

    // Records work that reads a weight, where it lies or where it is copied to.
    private void WithWeight(VulkanWeight weight, Action<WeightView> record)
    {
        if (weight.Stored.Resident is { } resident)
        {
            record(Resident(weight, resident));
            return;
        }

        lock (_streaming) // other threads' weights wait until this one's reader is recorded
        {
            _stream ??= new WeightStream(Device, Memory, _queue);
            var span = _stream.Read(weight.Stored, weight.First, weight.Outputs);
            record(new WeightView(span, span.Address, 0));
            _stream.Used();
        }
    }

    private void TrimStreamed()
    {
        lock (_streaming)
        {
            _stream?.Trim();
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
