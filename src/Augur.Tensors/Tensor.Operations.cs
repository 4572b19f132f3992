namespace Augur.Tensors;

/// <content>The operations: each checks its operands, allocates the result and asks the backend.</content>
public sealed partial class Tensor
{
    /// <summary>A dense copy.</summary>
    public Tensor Copy() => As(Type);

    /// <summary>A dense copy in another floating-point type.</summary>
    public Tensor As(DType type)
    {
        var y = Empty(Backend, Shape, type);
        Backend.Copy(this, y);
        return y;
    }

    /// <summary>Overwrites this tensor with another of the same shape.</summary>
    public void CopyFromInPlace(Tensor x)
    {
        RequireSameShape(x, nameof(CopyFromInPlace));
        Backend.Copy(x, this);
    }

    /// <summary>The tensor with its axes reordered: axis a of the result is axis axes[a] of this one.</summary>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Span<bool> seen = stackalloc bool[Shape.MaxRank];
        seen.Clear();
        for (var a = 0; a < axes.Length; a++)
        {
            if (axes.Length != Shape.Rank || axes[a] < 0 || axes[a] >= Shape.Rank || seen[axes[a]])
            {
                throw new ArgumentException($"Permute: [{string.Join(", ", axes.ToArray())}] does not reorder the axes of {Shape}.");
            }

            seen[axes[a]] = true;
            extents[a] = Shape[axes[a]];
        }

        var x = IsDense ? this : Copy();
        var y = Empty(Backend, new Shape(extents[..axes.Length]), Type);
        Backend.Permute(x, axes, y);
        return y;
    }

    /// <summary>Sum of two tensors of the same shape.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Combine([x, y], [1, 1]);

    /// <summary>Difference of two tensors of the same shape.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Combine([x, y], [1, -1]);

    /// <summary>A tensor times a number.</summary>
    public static Tensor operator *(float factor, Tensor x) => Combine([x], [factor]);

    /// <summary>Product, element by element, of two tensors of the same shape.</summary>
    public static Tensor operator *(Tensor x, Tensor y)
    {
        x.RequireSameShape(y, "Multiply");
        var z = Empty(x.Backend, x.Shape);
        x.Backend.Multiply(x, y, z);
        return z;
    }

    /// <summary>Each element limited to [low, high].</summary>
    public Tensor Clamp(float low, float high)
    {
        var y = Empty(Backend, Shape);
        Backend.Clamp(this, low, high, y);
        return y;
    }

    /// <summary>A function of each element.</summary>
    public Tensor Activate(Activation activation)
    {
        var y = Empty(Backend, Shape);
        Backend.Activate(this, activation, y);
        return y;
    }

    /// <summary>this + gate ⊙ branch: a gated residual. Gate [batch, channels]; this and branch [batch, …, channels].</summary>
    public Tensor AddGated(Tensor gate, Tensor branch)
    {
        RequireSameShape(branch, nameof(AddGated));
        RequirePerBatch(gate, nameof(AddGated));
        var y = Empty(Backend, Shape);
        Backend.AddGated(this, gate, branch, y);
        return y;
    }

    /// <summary>Layer normalisation over the innermost axis without learned parameters.</summary>
    public Tensor LayerNorm(float epsilon)
    {
        var y = Empty(Backend, Shape);
        Backend.LayerNorm(this, null, null, epsilon, y);
        return y;
    }

    /// <summary>LayerNorm(this) · (1 + scale) + shift (adaLN; Peebles and Xie, 2023, section 3.2). Shift and scale [batch, channels].</summary>
    public Tensor ModulatedLayerNorm(Tensor shift, Tensor scale, float epsilon)
    {
        RequirePerBatch(shift, nameof(ModulatedLayerNorm));
        RequirePerBatch(scale, nameof(ModulatedLayerNorm));
        var y = Empty(Backend, Shape);
        Backend.LayerNorm(this, shift, scale, epsilon, y);
        return y;
    }

    /// <summary>Group normalisation of [batch, height, width, channels] with weight and bias [channels], then an activation.</summary>
    public Tensor GroupNorm(int groups, Tensor weight, Tensor bias, float epsilon, Activation activation = Activation.None)
    {
        if (Shape.Rank != 4 || groups < 1 || Shape.Columns % groups != 0 || weight.Shape != new Shape(Shape.Columns) || bias.Shape != weight.Shape)
        {
            throw new ArgumentException($"GroupNorm: {Shape} in {groups} groups with weight {weight.Shape} and bias {bias.Shape}.");
        }

        var y = Empty(Backend, Shape);
        Backend.GroupNorm(IsDense ? this : Copy(), groups, weight, bias, epsilon, activation, y);
        return y;
    }

    /// <summary>A linear map of the innermost axis: [batch, …, inputs] → [batch, …, outputs].</summary>
    public Tensor Linear(PackedLinear weight, Activation activation = Activation.None) => Linear(weight, new LinearEpilogue(activation));

    /// <summary>A linear map with what follows it fused in: residual + gate ⊙ activation(xWᵀ + b).</summary>
    public Tensor Linear(PackedLinear weight, LinearEpilogue epilogue)
    {
        if (Shape.Rank < 1 || Shape.Columns != weight.Inputs)
        {
            throw new ArgumentException($"Linear: {Shape} and a weight [{weight.Outputs}, {weight.Inputs}] differ on the inner axis.");
        }

        var y = Empty(Backend, Shape.With(^1, weight.Outputs));
        if (epilogue.Gate is { } gate)
        {
            y.RequirePerBatch(gate, nameof(Linear));
        }

        if (epilogue.Residual is { } residual)
        {
            y.RequireSameShape(residual, nameof(Linear));
        }

        Backend.Linear(this, weight, epilogue, y);
        return y;
    }

    /// <summary>Multi-head attention of these queries [batch, queries, channels] to keys and values [batch, keys, channels].</summary>
    /// <param name="keys">[batch, keys, channels].</param>
    /// <param name="values">[batch, keys, channels].</param>
    /// <param name="heads">Number of heads; the channels of one head are contiguous.</param>
    public Tensor AttendTo(Tensor keys, Tensor values, int heads)
    {
        if (Shape.Rank != 3 || keys.Shape.Rank != 3 || keys.Shape != values.Shape || keys.Shape[0] != Shape[0] || keys.Shape[2] != Shape[2]
            || heads < 1 || Shape[2] % heads != 0)
        {
            throw new ArgumentException($"Attention: queries {Shape}, keys {keys.Shape}, values {values.Shape} and {heads} heads do not fit.");
        }

        var y = Empty(Backend, Shape);
        Backend.Attention(this, keys, values, heads, 1 / MathF.Sqrt(Shape[2] / heads), y);
        return y;
    }

    /// <summary>Convolution of [batch, height, width, channels] → [batch, height', width', outputs].</summary>
    public Tensor Conv2d(PackedConv2d weight, int stride, Padding padding)
    {
        if (Shape.Rank != 4 || Shape[3] != weight.Channels)
        {
            throw new ArgumentException($"Conv2d: {Shape} and a kernel over {weight.Channels} channels differ on the inner axis.");
        }

        var height = ((Shape[1] + padding.Top + padding.Bottom - weight.KernelHeight) / stride) + 1;
        var width = ((Shape[2] + padding.Left + padding.Right - weight.KernelWidth) / stride) + 1;
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"Conv2d: {Shape} is smaller than the kernel {weight.KernelHeight}x{weight.KernelWidth}.");
        }

        var y = Empty(Backend, [Shape[0], height, width, weight.Weight.Outputs]);
        Backend.Conv2d(IsDense ? this : Copy(), weight, stride, padding, y);
        return y;
    }

    /// <summary>[batch, height, width, channels] → [batch, 2·height, 2·width, channels], each pixel four times.</summary>
    public Tensor UpsampleNearest2x()
    {
        if (Shape.Rank != 4)
        {
            throw new ArgumentException($"UpsampleNearest2x: {Shape} is not [batch, height, width, channels].");
        }

        var y = Empty(Backend, [Shape[0], 2 * Shape[1], 2 * Shape[2], Shape[3]]);
        Backend.UpsampleNearest2x(IsDense ? this : Copy(), y);
        return y;
    }

    /// <summary>Entries of the outermost axis, in the order of an Int32 tensor [k].</summary>
    public Tensor GatherRows(Tensor rows)
    {
        RequireIndices(rows, 1, nameof(GatherRows));
        var y = Empty(Backend, Shape.With(0, rows.Shape[0]), Type);
        Backend.GatherRows(this, rows, y);
        return y;
    }

    /// <summary>Writes x's entries over the given entries of this tensor's outermost axis.</summary>
    public void ScatterRowsInPlace(Tensor rows, Tensor x)
    {
        RequireIndices(rows, 1, nameof(ScatterRowsInPlace));
        x.RequireShape(Shape.With(0, rows.Shape[0]), nameof(ScatterRowsInPlace));
        x.RequireType(Type, nameof(ScatterRowsInPlace));
        Backend.ScatterRowsInPlace(x, rows, this);
    }

    /// <summary>[batch, tokens, channels] → [batch, k, channels], by an Int32 table [batch, k].</summary>
    public Tensor GatherTokens(Tensor indices)
    {
        RequireIndices(indices, 2, nameof(GatherTokens));
        var y = Empty(Backend, Shape.With(1, indices.Shape[1]), Type);
        Backend.GatherTokens(this, indices, y);
        return y;
    }

    /// <summary>Writes x [batch, k, channels] over the tokens that an Int32 table [batch, k] names.</summary>
    public void ScatterTokensInPlace(Tensor indices, Tensor x)
    {
        RequireIndices(indices, 2, nameof(ScatterTokensInPlace));
        x.RequireShape(Shape.With(1, indices.Shape[1]), nameof(ScatterTokensInPlace));
        x.RequireType(Type, nameof(ScatterTokensInPlace));
        Backend.ScatterTokensInPlace(x, indices, this);
    }

    /// <summary>Positions of the k largest scores of each row: Int32 [rows, k], largest first.</summary>
    public Tensor TopK(int k)
    {
        if (Shape.Rank != 2 || k < 0 || k > Shape[1])
        {
            throw new ArgumentException($"TopK: {k} of each row of {Shape}.");
        }

        var indices = Empty(Backend, [Shape[0], k], DType.Int32);
        Backend.TopK(this, k, indices);
        return indices;
    }

    /// <summary>One error per entry of the outermost axis between this forecast and what was computed; a device-to-host read.</summary>
    public double[] ErrorsFrom(Tensor computed, ErrorMeasure measure)
    {
        RequireSameShape(computed, nameof(ErrorsFrom));
        var errors = new double[Shape[0]];
        Backend.RowErrors(this, computed, measure, errors);
        return errors;
    }

    private void RequireSameShape(Tensor other, string operation) => other.RequireShape(Shape, operation);

    private void RequireShape(Shape shape, string operation)
    {
        if (Shape != shape)
        {
            throw new ArgumentException($"{operation}: {shape} and {Shape} differ.");
        }
    }

    private void RequirePerBatch(Tensor rows, string operation)
    {
        if (Shape.Rank < 2 || rows.Shape != new Shape(Shape[0], Shape.Columns))
        {
            throw new ArgumentException($"{operation}: {Shape} needs a row per batch entry, [{Shape[0]}, {Shape.Columns}], not {rows.Shape}.");
        }
    }

    private void RequireIndices(Tensor indices, int rank, string operation)
    {
        indices.RequireType(DType.Int32, operation);
        if (indices.Shape.Rank != rank || Shape.Rank < 2 || (rank == 2 && (Shape.Rank != 3 || indices.Shape[0] != Shape[0])))
        {
            throw new ArgumentException($"{operation}: an index table {indices.Shape} does not fit {Shape}.");
        }
    }
}
