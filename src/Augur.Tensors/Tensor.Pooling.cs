namespace Augur.Tensors;

/// <content>Pooling.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// [batch, height, width, channels] → [batch, height', width', channels]: the largest or the mean under each position of a window.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The tensor is no picture, is smaller than the window, or some position of the window covers only padding.
    /// </exception>
    public Tensor Pool2d(Pooling pooling, PoolWindow window)
    {
        var padding = window.Padding;
        RequireType(DType.Float32, nameof(Pool2d));
        if (Shape.Rank != 4)
        {
            throw new ArgumentException($"Pool2d: {Shape} is not [batch, height, width, channels].");
        }

        if (window.Height < 1 || window.Width < 1 || window.Stride < 1)
        {
            throw new ArgumentException($"Pool2d: a window of {window.Height}x{window.Width} pixels and stride {window.Stride}; all begin at 1.");
        }

        if (Math.Min(padding.Top, padding.Bottom) < 0 || Math.Max(padding.Top, padding.Bottom) >= window.Height
            || Math.Min(padding.Left, padding.Right) < 0 || Math.Max(padding.Left, padding.Right) >= window.Width)
        {
            throw new ArgumentException($"Pool2d: {padding} does not lie between 0 and the window of {window.Height}x{window.Width} pixels.");
        }

        var (paddedHeight, paddedWidth) = ((long)Shape[1] + padding.Top + padding.Bottom, (long)Shape[2] + padding.Left + padding.Right);
        if (Math.Max(paddedHeight, paddedWidth) > int.MaxValue)
        {
            throw new ArgumentException($"Pool2d: {Shape} with {padding} is more than {int.MaxValue} pixels high or wide.");
        }

        if (paddedHeight < window.Height || paddedWidth < window.Width)
        {
            throw new ArgumentException($"Pool2d: {Shape} is smaller than the window of {window.Height}x{window.Width} pixels.");
        }

        var height = (int)((paddedHeight - window.Height) / window.Stride) + 1;
        var width = (int)((paddedWidth - window.Width) / window.Stride) + 1;
        var y = Empty(Backend, [Shape[0], height, width, Shape[3]]);
        Backend.Pool2d(IsDense ? this : Copy(), pooling, window, y);
        return y;
    }

    /// <summary>[batch, height, width, channels] → [batch, channels]: the mean over all pixels.</summary>
    public Tensor MeanOverPlaces() => Shape.Rank != 4
        ? throw new ArgumentException($"MeanOverPlaces: {Shape} is not [batch, height, width, channels].")
        : Pool2d(Pooling.Mean, new PoolWindow(Shape[1], Shape[2], 1, default)).Reshape([Shape[0], Shape[3]]);
}
