using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>One element at a time.</content>
public sealed partial class VulkanBackend
{
    // As elementwise.comp numbers them.
    private enum ElementOperation : uint
    {
        Fill,
        Convert,
        Multiply,
        Clamp,
        Activate,
        MultiplyActivated,
        AddGated,
    }

    /// <inheritdoc/>
    public void Fill(Tensor x, float value)
    {
        var y = Output(x, nameof(Fill));
        Elementwise(ElementOperation.Fill, null, null, null, y, 1, low: value);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An index table and numbers.</exception>
    public void Copy(Tensor x, Tensor y)
    {
        if (x.Type == y.Type)
        {
            Move(View(x, nameof(Copy)), Output(y, nameof(Copy)));
            return;
        }

        if (!x.Type.IsActivation() || !y.Type.IsActivation())
        {
            throw new ArgumentException($"Copy: {x} cannot become {y}.");
        }

        Elementwise(ElementOperation.Convert, View(x, nameof(Copy)), null, null, Output(y, nameof(Copy)), 1);
    }

    /// <inheritdoc/>
    public void Multiply(Tensor x, Tensor y, Tensor z) => Elementwise(
        ElementOperation.Multiply, View(x, nameof(Multiply)), View(y, nameof(Multiply)), null, Output(z, nameof(Multiply)), 1);

    /// <inheritdoc/>
    public void Clamp(Tensor x, float low, float high, Tensor y) => Elementwise(
        ElementOperation.Clamp, View(x, nameof(Clamp)), null, null, Output(y, nameof(Clamp)), 1, low: low, high: high);

    /// <inheritdoc/>
    public void Activate(Tensor x, Activation activation, Tensor y) => Elementwise(
        ElementOperation.Activate, View(x, nameof(Activate)), null, null, Output(y, nameof(Activate)), 1, activation);

    /// <inheritdoc/>
    public void MultiplyActivated(Tensor x, Tensor gate, Activation activation, Tensor z) => Elementwise(
        ElementOperation.MultiplyActivated, View(x, nameof(MultiplyActivated)), View(gate, nameof(MultiplyActivated)), null,
        Output(z, nameof(MultiplyActivated)), 1, activation);

    /// <inheritdoc/>
    public void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y) => Elementwise(
        ElementOperation.AddGated, View(x, nameof(AddGated)), View(gate, nameof(AddGated)), View(branch, nameof(AddGated)),
        Output(y, nameof(AddGated)), RowsPerEntry(y));

    private void Elementwise(ElementOperation operation, Operand? x, Operand? a, Operand? b, Operand y, uint rowsPerEntry,
        Activation activation = Activation.None, float low = 0, float high = 0)
    {
        var count = (ulong)y.Rows * y.Columns;
        if (count == 0)
        {
            return;
        }

        var pipeline = Kernel("elementwise", Threads, (uint)operation, x?.TypeCode ?? 0, a?.TypeCode ?? 0, b?.TypeCode ?? 0, y.TypeCode);
        var arguments = new ElementArguments
        {
            X = x?.Address ?? 0,
            A = a?.Address ?? 0,
            B = b?.Address ?? 0,
            Y = y.Address,
            Rows = y.Rows,
            Columns = y.Columns,
            XStride = x?.Stride ?? 0,
            AStride = a?.Stride ?? 0,
            BStride = b?.Stride ?? 0,
            YStride = y.Stride,
            RowsPerEntry = rowsPerEntry,
            Activation = (uint)activation,
            Low = low,
            High = high,
        };
        _queue.Dispatch(
            pipeline, arguments, Elements(count), [x?.Range ?? default, a?.Range ?? default, b?.Range ?? default], [y.Range], count * 4.0);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct ElementArguments
    {
        public ulong X, A, B, Y;
        public uint Rows, Columns, XStride, AStride, BStride, YStride, RowsPerEntry, Activation;
        public float Low, High;
    }
}
