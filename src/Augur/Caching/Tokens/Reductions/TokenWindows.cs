namespace Augur.Caching.Tokens;

/// <summary>A grid of tokens, divided into windows; where it does not divide, the tokens at its end belong to none.</summary>
/// <param name="height">Rows of tokens.</param>
/// <param name="width">Columns of tokens.</param>
/// <param name="windowRows">Rows of a window.</param>
/// <param name="windowColumns">Columns of a window.</param>
internal sealed class TokenWindows(int height, int width, int windowRows, int windowColumns)
{
    private readonly int _across = width / windowColumns;

    /// <summary>The windows of a network whose tokens are a picture.</summary>
    /// <exception cref="ArgumentException">They are none.</exception>
    public static TokenWindows Of(NetworkMap map, string who, int windowRows, int windowColumns) =>
        map.Tokens is [{ Grid: { Rank: 2 } grid }] ? new(grid[0], grid[1], windowRows, windowColumns)
            : throw new ArgumentException($"{who} divides a picture into windows, and this network's tokens are {string.Join(", ", map.Tokens)}.");

    /// <summary>Windows, in raster order.</summary>
    public int Count => height / windowRows * _across;

    /// <summary>Tokens of a window.</summary>
    public int Size => windowRows * windowColumns;

    /// <summary>The tokens at the given places of the windows.</summary>
    public int[] At(int[] places) => [.. places.Select((place, window) => Token(window, place))];

    /// <summary>In each window the token of the largest score, the first on ties.</summary>
    public int[] Largest(ReadOnlySpan<float> scores)
    {
        var tokens = new int[Count];
        for (var window = 0; window < tokens.Length; window++)
        {
            var best = Token(window, 0);
            for (var place = 1; place < Size; place++)
            {
                var token = Token(window, place);
                best = scores[token] > scores[best] ? token : best;
            }

            tokens[window] = best;
        }

        return tokens;
    }

    /// <summary>The same for each row of scores [rows · tokens].</summary>
    public int[][] Leaders(float[] scores, int tokens) => [.. scores.Chunk(tokens).Select(row => Largest(row))];

    private int Token(int window, int place) =>
        (((window / _across * windowRows) + (place / windowColumns)) * width) + (window % _across * windowColumns) + (place % windowColumns);
}
