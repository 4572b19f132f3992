namespace Augur.Tensors;

/// <content>What layers are made of: norms, linear maps, convolutions.</content>
public sealed partial class Tensor
{
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
}
