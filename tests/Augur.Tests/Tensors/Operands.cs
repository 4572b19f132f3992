using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>
/// Makes an operation's operands, the same numbers for the same shape on every backend; as views and for one batch entry on demand.
/// </summary>
internal sealed class Operands(IBackend backend, Shape shape, bool asViews = false, int? onlyEntry = null)
{
    private int _seed;

    public IBackend Backend { get; } = backend;

    /// <summary>Shape of the operands with the whole batch.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>Shape of the operands that are made.</summary>
    public Shape MadeShape => onlyEntry is null ? Shape : Shape.With(0, 1);

    public int Batch => Shape[0];

    public int Channels => Shape.Columns;

    /// <summary>The next operand of the operation's shape.</summary>
    public Tensor Next() => Next(Shape);

    /// <summary>The next operand of a shape whose outermost axis is the batch.</summary>
    public Tensor Next(Shape shape)
    {
        var all = Shared(shape);
        return onlyEntry is { } entry ? all.Rows(entry, 1) : all;
    }

    /// <summary>The next operand of the operation's shape, in another type.</summary>
    public Tensor Next(DType type)
    {
        var all = AsView(Tensor.From(Backend, Numbers(Shape.ElementCount), Shape), type);
        return onlyEntry is { } entry ? all.Rows(entry, 1) : all;
    }

    /// <summary>The next operand that all batch entries share.</summary>
    public Tensor Shared(Shape shape) => AsView(Tensor.From(Backend, Numbers(shape.ElementCount), shape), DType.Float32);

    /// <summary>A dense operand for the operations that take no views.</summary>
    public Tensor Dense(Shape shape)
    {
        var all = Tensor.From(Backend, Numbers(shape.ElementCount), shape);
        return onlyEntry is { } entry ? all.Rows(entry, 1) : all;
    }

    /// <summary>A table of distinct indices below <paramref name="limit"/>, [batch, count].</summary>
    public Tensor Indices(int count, int limit)
    {
        var random = new Random(++_seed);
        var all = new int[Batch * count];
        for (var b = 0; b < Batch; b++)
        {
            var order = Enumerable.Range(0, limit).ToArray();
            random.Shuffle(order);
            order.AsSpan(0, count).CopyTo(all.AsSpan(b * count));
        }

        var table = Tensor.From(Backend, all, [Batch, count]);
        return onlyEntry is { } entry ? table.Rows(entry, 1) : table;
    }

    /// <summary>A table of numbers below <paramref name="limit"/>, not all of which need occur, [batch, count].</summary>
    public Tensor Below(int limit, int count)
    {
        var random = new Random(++_seed);
        var table = Tensor.From(Backend, [.. Enumerable.Range(0, Batch * count).Select(_ => random.Next(limit))], new Shape(Batch, count));
        return onlyEntry is { } entry ? table.Rows(entry, 1) : table;
    }

    /// <summary>A coefficient for each term and batch entry, term-major.</summary>
    public float[] CoefficientsPerEntry(int terms)
    {
        var all = Numbers((long)terms * Batch);
        return onlyEntry is { } entry ? [.. Enumerable.Range(0, terms).Select(t => all[(t * Batch) + entry])] : all;
    }

    public float[] Numbers(long count)
    {
        var state = (uint)++_seed * 0x9e3779b9u;
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            state = (state * 1664525u) + 1013904223u; // a linear congruential generator: fast, and its upper bits are good enough here
            values[i] = ((state >> 8) * (6f / (1 << 24))) - 3;
        }

        return values;
    }

    private Tensor AsView(Tensor values, DType type)
    {
        var shape = values.Shape;
        if (!asViews || shape.Rank < 2)
        {
            return type == values.Type ? values : values.As(type);
        }

        var wide = Tensor.Empty(Backend, shape.With(^1, shape.Columns + 5), type);
        Backend.Fill(wide, float.NaN); // what a view leaves out must not be read
        var view = wide.Columns(3, shape.Columns);
        view.CopyFromInPlace(values);
        return view;
    }
}
