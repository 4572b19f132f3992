using System.Globalization;

namespace Augur.Tensors;

/// <content>The operations: each checks its operands, allocates the result and asks the backend.</content>
public sealed partial class Tensor
{
    /// <summary>A dense copy.</summary>
    public Tensor Copy() => As(Type);

    /// <summary>A dense copy in another floating-point type, rounded to nearest even; in its own type any tensor but Float64 sums.</summary>
    /// <exception cref="ArgumentException">The conversion is between numbers and indices.</exception>
    public Tensor As(DType type)
    {
        RequireConvertible(Type, type, nameof(As));
        var y = Empty(Backend, Shape, type);
        Backend.Copy(this, y);
        return y;
    }

    /// <summary>This tensor, if it is of the type, or a dense copy in it.</summary>
    /// <exception cref="ArgumentException">The conversion is between numbers and indices.</exception>
    public Tensor InType(DType type) => Type == type ? this : As(type);

    /// <summary>Overwrites this tensor with another of the same shape, converted to this type.</summary>
    public void CopyFromInPlace(Tensor x)
    {
        RequireSameShape(x.NotNull(), nameof(CopyFromInPlace));
        x.RequireConvertible(x.Type, Type, nameof(CopyFromInPlace));
        Backend.Copy(x, this);
    }

    /// <summary>The tensor with its axes reordered: axis a of the result is axis axes[a] of this one.</summary>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        RequireMovable(nameof(Permute));
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Span<bool> seen = stackalloc bool[Shape.MaxRank];
        seen.Clear();
        var reorders = axes.Length == Shape.Rank;
        for (var a = 0; reorders && a < axes.Length; a++)
        {
            reorders = axes[a] >= 0 && axes[a] < Shape.Rank && !seen[axes[a]];
            if (reorders)
            {
                seen[axes[a]] = true;
                extents[a] = Shape[axes[a]];
            }
        }

        if (!reorders)
        {
            throw new ArgumentException($"Permute: [{string.Join(", ", axes.ToArray())}] does not reorder the axes of {Shape}.");
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

    /// <summary>Product, element by element, of two tensors of the same shape, each Float32, Float16 or BFloat16; Float32.</summary>
    public static Tensor operator *(Tensor x, Tensor y)
    {
        x.NotNull().RequireActivation("Multiply");
        y.NotNull().RequireActivation("Multiply");
        x.RequireSameShape(y, "Multiply");
        var z = Empty(x.Backend, x.Shape);
        x.Backend.Multiply(x, y, z);
        return z;
    }

    /// <summary>Each element limited to [low, high]; NaN stays. Float32.</summary>
    /// <exception cref="ArgumentException">Low is above high, or one of them is NaN.</exception>
    public Tensor Clamp(float low, float high)
    {
        RequireType(DType.Float32, nameof(Clamp));
        if (!(low <= high))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Clamp: nothing lies between {low} and {high}."));
        }

        var y = Empty(Backend, Shape);
        Backend.Clamp(this, low, high, y);
        return y;
    }

    /// <summary>A function of each element of a Float32, Float16 or BFloat16 tensor.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="result">Type of the result.</param>
    public Tensor Activate(Activation activation, DType result = DType.Float32)
    {
        RequireActivation(nameof(Activate));
        var y = EmptyResult(Shape, result, nameof(Activate));
        Backend.Activate(this, activation, y);
        return y;
    }

    /// <summary>this ⊙ activation(gate): the product in the middle of a gated MLP. Both Float32, Float16 or BFloat16, each by itself.</summary>
    /// <param name="gate">This shape.</param>
    /// <param name="activation">For example SiLU in Llama, GELU in T5.</param>
    /// <param name="result">Type of the result.</param>
    public Tensor TimesActivated(Tensor gate, Activation activation, DType result = DType.Float32)
    {
        RequireActivation(nameof(TimesActivated));
        gate.NotNull().RequireActivation(nameof(TimesActivated));
        RequireSameShape(gate, nameof(TimesActivated));
        var y = EmptyResult(Shape, result, nameof(TimesActivated));
        Backend.MultiplyActivated(this, gate, activation, y);
        return y;
    }

    /// <summary>this + gate ⊙ branch: a gated residual. All of them Float32, Float16 or BFloat16, each by itself.</summary>
    /// <param name="gate">[batch, channels].</param>
    /// <param name="branch">[batch, …, channels], as this tensor.</param>
    /// <param name="result">Type of the result.</param>
    public Tensor AddGated(Tensor gate, Tensor branch, DType result = DType.Float32)
    {
        RequireActivation(nameof(AddGated));
        gate.NotNull().RequireActivation(nameof(AddGated));
        branch.NotNull().RequireActivation(nameof(AddGated));
        RequireSameShape(branch, nameof(AddGated));
        RequirePerBatch(gate, nameof(AddGated));
        var y = EmptyResult(Shape, result, nameof(AddGated));
        Backend.AddGated(this, gate, branch, y);
        return y;
    }

    /// <summary>Layer normalisation over the innermost axis of a Float32, Float16 or BFloat16 tensor, without learned parameters.</summary>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="result">Type of the result.</param>
    public Tensor LayerNorm(float epsilon, DType result = DType.Float32)
    {
        RequireNorm(nameof(LayerNorm), epsilon);
        var y = EmptyResult(Shape, result, nameof(LayerNorm));
        Backend.LayerNorm(this, null, null, epsilon, y);
        return y;
    }

    /// <summary>Layer normalisation over the innermost axis with learned weight and bias.</summary>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels]; null: 0.</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="result">Type of the result; the operands are Float32, Float16 or BFloat16, each by itself.</param>
    public Tensor LayerNorm(Tensor weight, Tensor? bias, float epsilon, DType result = DType.Float32)
    {
        RequireNorm(nameof(LayerNorm), epsilon);
        weight.NotNull().RequireActivation(nameof(LayerNorm));
        bias?.RequireActivation(nameof(LayerNorm));
        if (weight.Shape != new Shape(Shape.Columns) || (bias is not null && bias.Shape != weight.Shape))
        {
            var with = bias is null ? $"a weight {weight.Shape}" : $"a weight {weight.Shape} and a bias {bias.Shape}";
            throw new ArgumentException($"LayerNorm: {Shape} does not fit {with}.");
        }

        var y = EmptyResult(Shape, result, nameof(LayerNorm));
        Backend.AffineLayerNorm(this, weight, bias, epsilon, y);
        return y;
    }

    /// <summary>LayerNorm(this) · (1 + scale) + shift (adaLN; Peebles and Xie, 2023, section 3.2).</summary>
    /// <param name="shift">[batch, channels].</param>
    /// <param name="scale">[batch, channels].</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="result">Type of the result; the operands are Float32, Float16 or BFloat16, each by itself.</param>
    public Tensor ModulatedLayerNorm(Tensor shift, Tensor scale, float epsilon, DType result = DType.Float32)
    {
        RequireNorm(nameof(ModulatedLayerNorm), epsilon);
        shift.NotNull().RequireActivation(nameof(ModulatedLayerNorm));
        scale.NotNull().RequireActivation(nameof(ModulatedLayerNorm));
        RequirePerBatch(shift, nameof(ModulatedLayerNorm));
        RequirePerBatch(scale, nameof(ModulatedLayerNorm));
        var y = EmptyResult(Shape, result, nameof(ModulatedLayerNorm));
        Backend.LayerNorm(this, shift, scale, epsilon, y);
        return y;
    }

    /// <summary>Group normalisation of [batch, height, width, channels] with weight and bias [channels], then an activation.</summary>
    /// <param name="groups">A divisor of the channels.</param>
    /// <param name="weight">Float32 [channels].</param>
    /// <param name="bias">The weight's shape.</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="activation">Of the normalised elements.</param>
    /// <param name="result">Type of the result; this tensor is Float32, Float16 or BFloat16.</param>
    public Tensor GroupNorm(
        int groups, Tensor weight, Tensor bias, float epsilon, Activation activation = Activation.None, DType result = DType.Float32)
    {
        RequireActivation(nameof(GroupNorm));
        weight.NotNull().RequireType(DType.Float32, nameof(GroupNorm));
        bias.NotNull().RequireType(DType.Float32, nameof(GroupNorm));
        RequireEpsilon(epsilon, nameof(GroupNorm));
        if (Shape.Rank != 4 || groups < 1 || Shape.Columns % groups != 0 || weight.Shape != new Shape(Shape.Columns) || bias.Shape != weight.Shape)
        {
            throw new ArgumentException($"GroupNorm: {Shape} in {groups} groups with weight {weight.Shape} and bias {bias.Shape}.");
        }

        var y = EmptyResult(Shape, result, nameof(GroupNorm));
        Backend.GroupNorm(IsDense ? this : Copy(), groups, weight, bias, epsilon, activation, y);
        return y;
    }

    /// <summary>A linear map of the innermost axis: [batch, …, inputs] → [batch, …, outputs], Float32.</summary>
    public Tensor Linear(PackedLinear weight, Activation activation = Activation.None) => Linear(weight, new LinearEpilogue(activation));

    /// <summary>A linear map with what follows it fused in: residual + gate ⊙ activation(xWᵀ + b).</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="epilogue">What follows.</param>
    /// <param name="result">Type of the result; this tensor, gate and residual are Float32, Float16 or BFloat16, each by itself.</param>
    public Tensor Linear(PackedLinear weight, LinearEpilogue epilogue, DType result = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weight);
        RequireActivation(nameof(Linear));
        if (Shape.Rank < 1 || Shape.Columns != weight.Inputs)
        {
            throw new ArgumentException($"Linear: {Shape} and a weight [{weight.Outputs}, {weight.Inputs}] differ on the inner axis.");
        }

        var shape = Shape.With(^1, weight.Outputs);
        if (epilogue.Gate is { } gate)
        {
            gate.RequireActivation(nameof(Linear));
            RequirePerBatch(shape, gate, nameof(Linear));
        }

        if (epilogue.Residual is { } residual)
        {
            residual.RequireActivation(nameof(Linear));
            residual.RequireShape(shape, nameof(Linear));
        }

        if (weight is AdaptedLinear adapted)
        {
            return adapted.Apply(this, epilogue, result);
        }

        var y = EmptyResult(shape, result, nameof(Linear));
        Backend.Linear(this, weight, epilogue, y);
        return y;
    }

    /// <summary>Convolution of [batch, height, width, channels] → [batch, height', width', outputs].</summary>
    /// <param name="weight">[outputs, kernel's height · width · channels].</param>
    /// <param name="stride">In pixels, both ways.</param>
    /// <param name="padding">Zeros around the picture.</param>
    /// <param name="result">Type of the result; this tensor is Float32, Float16 or BFloat16.</param>
    public Tensor Conv2d(PackedConv2d weight, int stride, Padding padding, DType result = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weight);
        RequireActivation(nameof(Conv2d));
        if (Shape.Rank != 4 || Shape[3] != weight.Channels)
        {
            throw new ArgumentException($"Conv2d: {Shape} and a kernel over {weight.Channels} channels differ on the inner axis.");
        }

        if (stride < 1 || Math.Min(Math.Min(padding.Top, padding.Bottom), Math.Min(padding.Left, padding.Right)) < 0)
        {
            throw new ArgumentException($"Conv2d: a stride of {stride} and {padding} for {Shape}; a stride begins at 1, padding at 0.");
        }

        var (paddedHeight, paddedWidth) = ((long)Shape[1] + padding.Top + padding.Bottom, (long)Shape[2] + padding.Left + padding.Right);
        if (Math.Max(paddedHeight, paddedWidth) > int.MaxValue)
        {
            throw new ArgumentException($"Conv2d: {Shape} with {padding} is more than {int.MaxValue} pixels high or wide.");
        }

        if (paddedHeight < weight.KernelHeight || paddedWidth < weight.KernelWidth)
        {
            throw new ArgumentException($"Conv2d: {Shape} is smaller than the kernel {weight.KernelHeight}x{weight.KernelWidth}.");
        }

        var height = (((int)paddedHeight - weight.KernelHeight) / stride) + 1;
        var width = (((int)paddedWidth - weight.KernelWidth) / stride) + 1;

        var y = EmptyResult([Shape[0], height, width, weight.Weight.Outputs], result, nameof(Conv2d));
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

        RequireType(DType.Float32, nameof(UpsampleNearest2x));
        var (height, width) = (Fit(2L * Shape[1], nameof(UpsampleNearest2x)), Fit(2L * Shape[2], nameof(UpsampleNearest2x)));
        var y = Empty(Backend, [Shape[0], height, width, Shape[3]]);
        Backend.UpsampleNearest2x(IsDense ? this : Copy(), y);
        return y;
    }

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
