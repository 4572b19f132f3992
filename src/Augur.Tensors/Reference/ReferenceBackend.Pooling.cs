namespace Augur.Tensors.Reference;

/// <content>Pooling.</content>
public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Pool2d(Tensor x, Pooling pooling, PoolWindow window, Tensor y)
    {
        int height = x.Shape[1], width = x.Shape[2], outHeight = y.Shape[1], outWidth = y.Shape[2];
        Each(y, (r, c) =>
        {
            long b = r / (outHeight * outWidth), at = r % (outHeight * outWidth);
            var top = (at / outWidth * window.Stride) - window.Padding.Top;
            var left = (at % outWidth * window.Stride) - window.Padding.Left;
            var inside = (from row in Range(window.Height).Select(i => top + i)
                          from column in Range(window.Width).Select(i => left + i)
                          where row >= 0 && row < height && column >= 0 && column < width
                          select Get(x, (((b * height) + row) * width) + column, c)).ToArray();
            return pooling switch
            {
                Pooling.Max => inside.Aggregate(Math.Max), // NaN stays, as it does not in Enumerable.Max
                Pooling.Mean => inside.Sum() / inside.Length,
                Pooling.MeanWithPadding => inside.Sum() / (window.Height * window.Width),
                _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "not a pooling"),
            };
        });
    }
}
