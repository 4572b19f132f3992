namespace Augur.Tensors;

/// <summary>How the pixels under a window are combined, per channel.</summary>
public enum Pooling
{
    /// <summary>The largest; NaN where one is NaN.</summary>
    Max,

    /// <summary>The mean of the places inside the picture: padding does not count.</summary>
    Mean,

    /// <summary>The mean of all places of the window: padding counts as zeros.</summary>
    MeanWithPadding,
}

/// <summary>A window that moves over a picture.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Stride">Pixels between neighbouring windows, in both directions.</param>
/// <param name="Padding">Less than the window on every side, so that each window has a place inside the picture.</param>
public readonly record struct PoolWindow(int Height, int Width, int Stride, Padding Padding);
