using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Linear combinations and divided differences, over a table of terms.</content>
public sealed partial class VulkanBackend
{
    private const int MaxTerms = 1024;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 terms.</exception>
    public void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        var isVector = y.Shape.Rank == 1 && coefficients.Length != terms.Length; // entries are elements
        Combine(nameof(LinearCombination), null, null, terms, coefficients, y, isVector);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 terms.</exception>
    public void AddGatedCombination(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y) =>
        Combine(nameof(AddGatedCombination), x, gate, terms, coefficients, y, isVector: false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">More than 1024 differences.</exception>
    public void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap)
    {
        const string Operation = "UpdateDifferences";
        var x = View(feature, Operation);
        var count = (ulong)x.Rows * x.Columns;
        if (count == 0)
        {
            return;
        }

        var (table, ranges) = Table(differences, [], isVector: false, Operation);
        var onlyValid = ranges.AsSpan(0, Math.Min(known + 1, differences.Length));
        var shapes = (ulong)differences.Length * sizeof(ulong);
        _queue.DispatchWithTable(
            Kernel("differences", Threads),
            table,
            at => new DifferenceArguments
            {
                Terms = at,
                Shapes = at + shapes,
                X = x.Address,
                Rows = x.Rows,
                Columns = x.Columns,
                XStride = x.Stride,
                Known = (uint)known,
                Valid = (uint)Math.Min(known + 1, ranges.Length),
                Gap = gap,
            },
            Elements(count),
            [x.Range, .. onlyValid],
            onlyValid,
            count * 4.0 * differences.Length);
    }

    private void Combine(string operation, Tensor? x, Tensor? gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor output,
        bool isVector)
    {
        var y = Output(output, operation);
        var count = (ulong)y.Rows * y.Columns;
        if (count == 0)
        {
            return;
        }

        var (from, factor) = (ViewOptional(x, operation), ViewOptional(gate, operation));
        y = isVector ? y.AsColumn() : y;
        var onlySingles = true;
        foreach (var term in terms)
        {
            onlySingles &= term.Type == DType.Float32;
        }

        var (table, ranges) = Table(terms, coefficients, isVector, operation);
        var (shapes, factors) = ((ulong)terms.Length * sizeof(ulong), (ulong)terms.Length * 2 * sizeof(ulong));
        var (termCount, perTerm) = ((uint)terms.Length, (uint)(coefficients.Length / terms.Length));
        _queue.DispatchWithTable(
            Kernel("combine", Threads, Flag(gate is not null), Flag(onlySingles)),
            table,
            at => new CombineArguments
            {
                Terms = at,
                Shapes = at + shapes,
                Coefficients = at + factors,
                X = from?.Address ?? 0,
                Gate = factor?.Address ?? 0,
                Y = y.Address,
                Rows = y.Rows,
                Columns = y.Columns,
                Count = termCount,
                CoefficientsPerTerm = perTerm,
                RowsPerEntry = isVector ? 1 : RowsPerEntry(output),
                XStride = from?.Stride ?? 0,
                GateStride = factor?.Stride ?? 0,
                YStride = y.Stride,
            },
            Elements(count),
            [from?.Range ?? default, factor?.Range ?? default, .. ranges],
            [y.Range],
            count * 2.0 * terms.Length);
    }

    // Addresses, then row stride and type of each, then numbers: as the kernels read it.
    private (byte[] Table, DeviceRange[] Ranges) Table(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> numbers, bool isVector, string operation)
    {
        if (terms.Length > MaxTerms)
        {
            throw new ArgumentException($"{operation}: {terms.Length} terms are more than {MaxTerms}.");
        }

        var table = new byte[(terms.Length * 2 * sizeof(ulong)) + (numbers.Length * sizeof(float))];
        var addresses = MemoryMarshal.Cast<byte, ulong>(table.AsSpan(0, terms.Length * sizeof(ulong)));
        var shapes = MemoryMarshal.Cast<byte, uint>(table.AsSpan(terms.Length * sizeof(ulong), terms.Length * sizeof(ulong)));
        var ranges = new DeviceRange[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            var term = View(terms[i], operation);
            term = isVector ? term.AsColumn() : term;
            (addresses[i], shapes[2 * i], shapes[(2 * i) + 1], ranges[i]) = (term.Address, term.Stride, term.TypeCode, term.Range);
        }

        MemoryMarshal.AsBytes(numbers).CopyTo(table.AsSpan(terms.Length * 2 * sizeof(ulong)));
        return (table, ranges);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct CombineArguments
    {
        public ulong Terms, Shapes, Coefficients, X, Gate, Y;
        public uint Rows, Columns, Count, CoefficientsPerTerm, RowsPerEntry, XStride, GateStride, YStride;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct DifferenceArguments
    {
        public ulong Terms, Shapes, X;
        public uint Rows, Columns, XStride, Known, Valid;
        public float Gap;
    }
}
