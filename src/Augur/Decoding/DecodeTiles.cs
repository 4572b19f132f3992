using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Equal overlapping tiles that cover a latent, and the weights that blend their pictures.</summary>
/// <param name="Height">Height of a tile in latent cells.</param>
/// <param name="Width">Width of a tile in latent cells.</param>
/// <param name="Tops">First row of each row of tiles.</param>
/// <param name="Lefts">First column of each column of tiles.</param>
internal sealed record DecodeTiles(int Height, int Width, int[] Tops, int[] Lefts)
{
    /// <summary>Finds the largest tiles that fit, by dividing the longer side into one more part until a tile fits.</summary>
    /// <param name="height">Height of the latent in cells.</param>
    /// <param name="width">Width of the latent in cells.</param>
    /// <param name="overlap">Smallest number of cells that neighbouring tiles share; a divided side stays longer than twice this.</param>
    /// <param name="fits">Whether a tile of a given height and width can be decoded.</param>
    /// <returns>Null if even the smallest tiles do not fit.</returns>
    public static DecodeTiles? Plan(int height, int width, int overlap, Func<int, int, bool> fits)
    {
        int rows = 1, columns = 1;
        while (true)
        {
            int tileHeight = Extent(height, rows, overlap), tileWidth = Extent(width, columns, overlap);
            if (fits(tileHeight, tileWidth))
            {
                return new DecodeTiles(tileHeight, tileWidth, Starts(height, tileHeight, rows), Starts(width, tileWidth, columns));
            }

            var (nextHeight, nextWidth) = (Extent(height, rows + 1, overlap), Extent(width, columns + 1, overlap));
            var (canCutRows, canCutColumns) = (nextHeight > 2 * overlap, nextWidth > 2 * overlap);
            if (canCutRows && (tileHeight >= tileWidth || !canCutColumns))
            {
                rows++;
            }
            else if (canCutColumns)
            {
                columns++;
            }
            else
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The blending weight of each pixel along one axis of a tile. It rises linearly across an overlap; the weights of overlapping tiles add up to 1.
    /// </summary>
    /// <param name="starts">First cell of every tile along the axis.</param>
    /// <param name="tile">Index of the tile.</param>
    /// <param name="extent">Length of a tile along the axis, in cells.</param>
    /// <param name="pixelsPerCell">Pixels per latent cell.</param>
    public static float[] Weights(int[] starts, int tile, int extent, int pixelsPerCell)
    {
        var weights = new float[extent * pixelsPerCell];
        for (var i = 0; i < weights.Length; i++)
        {
            var pixel = (starts[tile] * pixelsPerCell) + i;
            var total = 0.0;
            for (var other = 0; other < starts.Length; other++)
            {
                total += Height(starts, other, extent, pixelsPerCell, pixel);
            }

            weights[i] = (float)(Height(starts, tile, extent, pixelsPerCell, pixel) / total);
        }

        return weights;

        // Distance to the nearer edge that has a neighbour, as a fraction of the overlap, at most 1.
        static double Height(int[] starts, int tile, int extent, int pixelsPerCell, int pixel)
        {
            double fromStart = pixel - (starts[tile] * pixelsPerCell) + 0.5, toEnd = (extent * pixelsPerCell) - fromStart;
            if (fromStart < 0 || toEnd < 0)
            {
                return 0;
            }

            var before = tile == 0 ? 1 : fromStart / ((starts[tile - 1] + extent - starts[tile]) * pixelsPerCell);
            var after = tile == starts.Length - 1 ? 1 : toEnd / ((starts[tile] + extent - starts[tile + 1]) * pixelsPerCell);
            return Math.Min(1, Math.Min(before, after));
        }
    }

    /// <summary>Decodes tile by tile and blends the results.</summary>
    /// <param name="latent">[frames, latentHeight, latentWidth, latent channels]; 1 frame of a picture.</param>
    /// <param name="pixelsPerCell">Pixels per latent cell.</param>
    /// <param name="channels">Channels of the picture.</param>
    /// <param name="decode">Decodes one tile: [frames, Height, Width, latent channels] to [frames', pixels, pixels, channels].</param>
    /// <returns>[frames', height, width, channels] in pixels, in the current scope.</returns>
    public Tensor Decode(Tensor latent, int pixelsPerCell, int channels, Func<Tensor, Tensor> decode)
    {
        int pixelHeight = latent.Shape[1] * pixelsPerCell, pixelWidth = latent.Shape[2] * pixelsPerCell;
        Tensor? canvas = null; // [frames', pixelHeight, pixelWidth · channels]
        for (var row = 0; row < Tops.Length; row++)
        {
            for (var column = 0; column < Lefts.Length; column++)
            {
                using var scope = TensorScope.Begin();
                var pixels = decode(latent.Slice(1, Tops[row], Height).Slice(2, Lefts[column], Width).Copy());
                canvas ??= Tensor.Zeros(latent.Backend, [pixels.Shape[0], pixelHeight, pixelWidth * channels]).Escape();
                var mask = Mask(latent.Backend, row, column, pixelsPerCell, channels);
                for (var frame = 0; frame < pixels.Shape[0]; frame++)
                {
                    var target = canvas.Rows(frame, 1).Reshape([pixelHeight, pixelWidth * channels])
                        .Rows(Tops[row] * pixelsPerCell, Height * pixelsPerCell)
                        .Columns(Lefts[column] * pixelsPerCell * channels, Width * pixelsPerCell * channels);
                    target.CombineInPlace([target, pixels.Rows(frame, 1).Reshape(mask.Shape) * mask], [1, 1]);
                }
            }
        }

        return canvas!.Reshape([canvas.Shape[0], pixelHeight, pixelWidth, channels]);
    }

    private static int Extent(int side, int parts, int overlap) => (side + ((parts - 1) * overlap) + parts - 1) / parts;

    private static int[] Starts(int side, int tile, int parts) =>
        [.. Enumerable.Range(0, parts).Select(i => parts == 1 ? 0 : (int)((long)i * (side - tile) / (parts - 1)))];

    private Tensor Mask(IBackend backend, int row, int column, int pixelsPerCell, int channels)
    {
        float[] down = Weights(Tops, row, Height, pixelsPerCell), across = Weights(Lefts, column, Width, pixelsPerCell);
        var mask = new float[down.Length * across.Length * channels];
        for (var i = 0; i < mask.Length; i++)
        {
            var pixel = i / channels;
            mask[i] = down[pixel / across.Length] * across[pixel % across.Length];
        }

        return Tensor.From(backend, mask, [down.Length, across.Length * channels]);
    }
}
