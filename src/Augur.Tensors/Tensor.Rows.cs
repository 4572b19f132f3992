namespace Augur.Tensors;

/// <content>Rows and tokens by their indices, and what is chosen or measured row by row.</content>
public sealed partial class Tensor
{
    /// <summary>Entries of the outermost axis, in the order of an Int32 tensor [k].</summary>
    public Tensor GatherRows(Tensor rows)
    {
        RequireIndices(rows.NotNull(), 1, nameof(GatherRows));
        var y = Empty(Backend, Shape.With(0, rows.Shape[0]), Type);
        Backend.GatherRows(this, rows, y);
        return y;
    }

    /// <summary>Entries of the outermost axis, in the order of a table [k].</summary>
    public Tensor GatherRows(IndexTable rows)
    {
        rows.NotNull().RequireBelow(Shape[0], nameof(GatherRows));
        return GatherRows(rows.Tensor);
    }

    /// <summary>Writes x's entries over the given entries of this tensor's outermost axis.</summary>
    public void ScatterRowsInPlace(Tensor rows, Tensor x)
    {
        RequireIndices(rows.NotNull(), 1, nameof(ScatterRowsInPlace));
        x.NotNull().RequireShape(Shape.With(0, rows.Shape[0]), nameof(ScatterRowsInPlace));
        x.RequireType(Type, nameof(ScatterRowsInPlace));
        Backend.ScatterRowsInPlace(x, rows, this);
    }

    /// <summary>Writes x's entries over those of this tensor's outermost axis that a table [k] names.</summary>
    public void ScatterRowsInPlace(IndexTable rows, Tensor x)
    {
        rows.NotNull().RequireBelow(Shape[0], nameof(ScatterRowsInPlace));
        ScatterRowsInPlace(rows.Tensor, x);
    }

    /// <summary>[batch, tokens, channels] → [batch, k, channels], by an Int32 table [batch, k].</summary>
    public Tensor GatherTokens(Tensor indices)
    {
        RequireIndices(indices.NotNull(), 2, nameof(GatherTokens));
        var y = Empty(Backend, Shape.With(1, indices.Shape[1]), Type);
        Backend.GatherTokens(this, indices, y);
        return y;
    }

    /// <summary>[batch, tokens, channels] → [batch, k, channels], by a table [batch, k].</summary>
    public Tensor GatherTokens(IndexTable indices)
    {
        indices.NotNull().RequireBelow(Shape[1], nameof(GatherTokens));
        return GatherTokens(indices.Tensor);
    }

    /// <summary>Writes x [batch, k, channels] over the tokens that an Int32 table [batch, k] names.</summary>
    public void ScatterTokensInPlace(Tensor indices, Tensor x)
    {
        RequireIndices(indices.NotNull(), 2, nameof(ScatterTokensInPlace));
        x.NotNull().RequireShape(Shape.With(1, indices.Shape[1]), nameof(ScatterTokensInPlace));
        x.RequireType(Type, nameof(ScatterTokensInPlace));
        Backend.ScatterTokensInPlace(x, indices, this);
    }

    /// <summary>Writes x [batch, k, channels] over the tokens that a table [batch, k] names.</summary>
    public void ScatterTokensInPlace(IndexTable indices, Tensor x)
    {
        indices.NotNull().RequireBelow(Shape[1], nameof(ScatterTokensInPlace));
        ScatterTokensInPlace(indices.Tensor, x);
    }

    /// <summary>Positions of the k largest scores of each row: Int32 [rows, k], largest first.</summary>
    public Tensor TopK(int k)
    {
        RequireType(DType.Float32, nameof(TopK));
        if (Shape.Rank != 2 || k < 0 || k > Shape[1])
        {
            throw new ArgumentException($"TopK: {k} of each row of {Shape}.");
        }

        var indices = Empty(Backend, [Shape[0], k], DType.Int32);
        Backend.TopK(this, k, indices);
        return indices;
    }

    /// <summary>
    /// The sums behind one error per entry of the outermost axis between this forecast and what was computed, kept on the device: Float64
    /// [batch, sums]; see <see cref="ErrorSums"/>, and <see cref="DeferredRead.Errors"/>, which reads several at once.
    /// </summary>
    public Tensor ErrorSumsFrom(Tensor computed, ErrorMeasure measure)
    {
        const string Operation = nameof(ErrorsFrom);
        RequireType(DType.Float32, Operation);
        computed.NotNull().RequireType(DType.Float32, Operation);
        RequireSameShape(computed, Operation);
        if (Shape.Rank < 1)
        {
            throw new ArgumentException($"{Operation}: {Shape} has no outermost axis.");
        }

        var sums = Empty(Backend, [Shape[0], ErrorSums.Count(measure)], DType.Float64);
        Backend.RowErrorSums(this, computed, measure, sums);
        return sums;
    }

    /// <summary>One error per entry of the outermost axis between this forecast and what was computed; a device-to-host read.</summary>
    public double[] ErrorsFrom(Tensor computed, ErrorMeasure measure)
    {
        using var sums = ErrorSumsFrom(computed, measure);
        var values = new double[sums.Shape.ElementCount];
        Backend.Download([sums], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return ErrorSums.FinishEach(measure, values, (double)Shape.ElementCount / Math.Max(1, Shape[0]));
    }
}
