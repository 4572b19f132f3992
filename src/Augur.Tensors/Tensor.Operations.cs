using System.Globalization;

namespace Augur.Tensors;

/// <content>
/// Element by element. Every operation, here and in the other parts, checks its operands, allocates the result and asks the backend.
/// </content>
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
}
