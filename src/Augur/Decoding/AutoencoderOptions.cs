namespace Augur.Decoding;

/// <summary>How an <see cref="AutoencoderKl"/> is loaded and how much memory decoding may take.</summary>
public sealed record AutoencoderOptions
{
    /// <summary>
    /// Bytes that the features of one decoding may take, as estimated by <see cref="AutoencoderKl.EstimateDecodeBytes"/>; at least 1. Above it, the
    /// pictures of a batch are decoded one by one (the same result), and then in tiles (approximate). Default 4 GiB.
    /// </summary>
    public long MemoryBudget { get; init; } = 4L << 30;

    /// <summary>
    /// Latent cells that neighbouring tiles share at least, 1 to 64. A larger overlap makes seams less visible and decoding slower. Default 8.
    /// </summary>
    public int TileOverlap { get; init; } = 8;

    /// <summary>Whether to load the encoder, if the file has one; generation does not need it. Default true.</summary>
    public bool WithEncoder { get; init; } = true;

    /// <summary>The same, if they are possible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not.</exception>
    internal AutoencoderOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBudget, 1);
        return TileOverlap is >= 1 and <= 64 ? this
            : throw new ArgumentOutOfRangeException(nameof(TileOverlap), $"Tiles can share 1 to 64 latent cells, not {TileOverlap}.");
    }
}
