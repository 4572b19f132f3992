using Augur.Decoding.Causal;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Decoding in tiles as diffusers does it: of a fixed size, each cut at the picture's edge, blended with the tile above and then with the one to the
/// left, and cut to the distance between tiles. Ours are of equal size and blended symmetrically; this one is for comparison only.
/// </summary>
internal static class TiledCausalReplay
{
    // What the fixture's README states: samples of a tile, and from one to the next.
    private const int TileSamples = 32;
    private const int StrideSamples = 24;

    /// <summary>Compares a decoding with and without tiles; the input is not normalised.</summary>
    public static void Compare(Checkpoint checkpoint, CausalAutoencoderConfig sizes, FixtureFile saved, IBackend backend, Comparison compare)
    {
        var plain = sizes with { Means = [.. sizes.Means.Select(_ => 0f)], Deviations = [.. sizes.Deviations.Select(_ => 1f)] };
        using var model = new CausalAutoencoder(checkpoint, plain, backend);
        compare.Used("z");
        var z = saved.Tensor("z", backend);
        compare.Tensor("decode_full.out", model.DecodePixels(z).Clamp(-1, 1).ToArray(), saved.Singles("decode_full.out"));
        compare.Tensor("decode_tiled.out", Decode(model, z), saved.Singles("decode_tiled.out"));
    }

    private static float[] Decode(CausalAutoencoder model, Tensor z)
    {
        var (height, width, cell) = (z.Shape[^2], z.Shape[^1], model.PixelsPerCell);
        int tile = TileSamples / cell, stride = StrideSamples / cell, blend = TileSamples - StrideSamples;
        var rows = new List<Tile[]>();
        for (var top = 0; top < height; top += stride)
        {
            rows.Add([.. Enumerable.Range(0, (width + stride - 1) / stride).Select(column => Tile.Of(model.DecodePixels(
                z.Slice(3, top, Math.Min(tile, height - top)).Slice(4, column * stride, Math.Min(tile, width - (column * stride))).Copy())))]);
        }

        Tile? picture = null;
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                var current = rows[row][column];
                if (row > 0)
                {
                    current.BlendBelow(rows[row - 1][column], blend);
                }

                if (column > 0)
                {
                    current.BlendRightOf(rows[row][column - 1], blend);
                }

                picture ??= new Tile(new float[current.Planes * height * cell * width * cell], current.Planes, height * cell, width * cell);
                picture.Paste(current, row * StrideSamples, column * StrideSamples, StrideSamples);
            }
        }

        return Array.ConvertAll(picture!.Values, v => Math.Clamp(v, -1, 1));
    }

    /// <summary>Pixels [planes, height, width].</summary>
    private sealed record Tile(float[] Values, int Planes, int Height, int Width)
    {
        public static Tile Of(Tensor pixels) =>
            new(pixels.ToArray(), (int)(pixels.Shape.ElementCount / pixels.Shape[^1] / pixels.Shape[^2]), pixels.Shape[^2], pixels.Shape[^1]);

        public void BlendBelow(Tile above, int extent)
        {
            extent = Math.Min(Math.Min(above.Height, Height), extent);
            Each(extent, Width, (plane, y, x) => Mix(above, plane, above.Height - extent + y, x, ref At(plane, y, x), (float)y / extent));
        }

        public void BlendRightOf(Tile left, int extent)
        {
            extent = Math.Min(Math.Min(left.Width, Width), extent);
            Each(Height, extent, (plane, y, x) => Mix(left, plane, y, left.Width - extent + x, ref At(plane, y, x), (float)x / extent));
        }

        public void Paste(Tile tile, int top, int left, int most)
        {
            var (height, width) = (Math.Min(Math.Min(tile.Height, most), Height - top), Math.Min(Math.Min(tile.Width, most), Width - left));
            Each(height, width, (plane, y, x) => At(plane, top + y, left + x) = tile.At(plane, y, x));
        }

        private static void Mix(Tile other, int plane, int y, int x, ref float value, float share) =>
            value = (other.At(plane, y, x) * (1 - share)) + (value * share);

        private ref float At(int plane, int y, int x) => ref Values[(((plane * Height) + y) * Width) + x];

        private void Each(int height, int width, Action<int, int, int> visit)
        {
            for (var i = 0; i < Planes * height * width; i++)
            {
                visit(i / (height * width), i / width % height, i % width);
            }
        }
    }
}
