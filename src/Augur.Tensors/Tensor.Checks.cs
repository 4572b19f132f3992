using System.Globalization;

namespace Augur.Tensors;

/// <content>What operations ask of their operands.</content>
public sealed partial class Tensor
{
    private void RequireSameShape(Tensor other, string operation) => other.RequireShape(Shape, operation);

    private void RequireShape(Shape shape, string operation)
    {
        if (Shape != shape)
        {
            throw new ArgumentException($"{operation}: {shape} and {Shape} differ.");
        }
    }

    private void RequirePerBatch(Tensor rows, string operation) => RequirePerBatch(Shape, rows, operation);

    private static void RequirePerBatch(Shape shape, Tensor rows, string operation)
    {
        if (shape.Rank < 2 || rows.Shape != new Shape(shape[0], shape.Columns))
        {
            throw new ArgumentException(
                shape.Rank < 2 ? $"{operation}: {shape} has no batch, so that a row {rows.Shape} per entry does not fit."
                : $"{operation}: {shape} needs a row per batch entry, [{shape[0]}, {shape.Columns}], not {rows.Shape}.");
        }
    }

    private void RequireIndices(Tensor indices, int rank, string operation)
    {
        RequireMovable(operation);
        indices.RequireType(DType.Int32, operation);
        if (indices.Shape.Rank != rank || Shape.Rank < 2 || (rank == 2 && (Shape.Rank != 3 || indices.Shape[0] != Shape[0])))
        {
            throw new ArgumentException($"{operation}: an index table {indices.Shape} does not fit {Shape}.");
        }
    }

    private void RequireNorm(string operation, float epsilon)
    {
        RequireActivation(operation);
        RequireEpsilon(epsilon, operation);
        if (Shape.Rank < 1)
        {
            throw new ArgumentException($"{operation}: {Shape} has no innermost axis.");
        }
    }

    private static void RequireEpsilon(float epsilon, string operation)
    {
        if (!(epsilon >= 0) || float.IsInfinity(epsilon))
        {
            throw new ArgumentOutOfRangeException(
                nameof(epsilon),
                string.Create(CultureInfo.InvariantCulture, $"{operation}: an epsilon of {epsilon}; it is 0 or a small positive number."));
        }
    }

    private void RequireMovable(string operation)
    {
        if (Type == DType.Float64)
        {
            throw new ArgumentException($"{operation}: {this} holds sums for the host to read, and is not computed with.");
        }
    }

    private void RequireConvertible(DType from, DType to, string operation)
    {
        RequireMovable(operation);
        if (from != to && !(from.IsActivation() && to.IsActivation()))
        {
            throw new ArgumentException($"{operation}: {from} {Shape} cannot become {to}.");
        }
    }

    private Tensor EmptyResult(Shape shape, DType type, string operation) => type.IsActivation() ? Empty(Backend, shape, type)
        : throw new ArgumentException($"{operation}: a result is Float32, Float16 or BFloat16, not {type} {shape}.");
}
