using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>The sin-cos table of a picture's places, stretched to the grid that the network was trained for.</summary>
internal static class PixArtPositions
{
    /// <summary>
    /// [1, rows · columns, channels]: the column in the first half of the channels, the row in the second; sines before cosines. A place counts
    /// i / (n / trained) / scale, in single precision as released; angles in double precision.
    /// </summary>
    /// <param name="backend">Where.</param>
    /// <param name="config">Width, trained size and scale.</param>
    /// <param name="grid">Tokens, [rows, columns].</param>
    public static Tensor Of(IBackend backend, PixArtConfig config, Shape grid)
    {
        int channels = config.HiddenSize, half = channels / 2;
        var (rows, columns) = (Axis(config, grid[0]), Axis(config, grid[1]));
        var values = new float[grid.ElementCount * channels];
        for (var token = 0; token < grid.ElementCount; token++)
        {
            columns.AsSpan(token % grid[1] * half, half).CopyTo(values.AsSpan(token * channels));
            rows.AsSpan(token / grid[1] * half, half).CopyTo(values.AsSpan((token * channels) + half));
        }

        return Tensor.From(backend, values, [1, (int)grid.ElementCount, channels]);
    }

    // [places, channels / 2]
    private static float[] Axis(PixArtConfig config, int places)
    {
        int half = config.HiddenSize / 2, quarter = half / 2;
        var stretch = (float)(places / (config.InputSize / (double)config.PatchSize));
        var values = new float[places * half];
        for (var place = 0; place < places; place++)
        {
            var position = place / stretch / (float)config.PositionScale;
            for (var i = 0; i < quarter; i++)
            {
                var angle = position / Math.Pow(10000, i / (double)quarter);
                values[(place * half) + i] = (float)Math.Sin(angle);
                values[(place * half) + quarter + i] = (float)Math.Cos(angle);
            }
        }

        return values;
    }
}
