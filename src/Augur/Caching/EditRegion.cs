using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Caching;

/// <summary>From which pixels of an <see cref="EditRegion"/> its tokens follow.</summary>
public enum RegionRule
{
    /// <summary>Tokens whose middle pixel belongs to it; those it touches where there is none.</summary>
    Mask,

    /// <summary>Tokens of the box around it, from where it begins to the nearest edge where it ends.</summary>
    Box,

    /// <summary>Tokens of which any pixel belongs to it.</summary>
    Points,
}

/// <summary>The part of a picture that is to change, in pixels; what lies outside is to stay. Immutable, equal by content.</summary>
public sealed class EditRegion : IEquatable<EditRegion>
{
    private readonly ImmutableArray<bool> _pixels;

    /// <summary>A region of any shape.</summary>
    /// <param name="pixels">Whether each pixel belongs to it, row by row; at least one does.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    /// <exception cref="ArgumentException">There are not height · width pixels, or none belongs to it.</exception>
    public EditRegion(ImmutableArray<bool> pixels, int height, int width)
    {
        if (pixels.IsDefault || height < 1 || width < 1 || pixels.Length != (long)height * width)
        {
            throw new ArgumentException($"EditRegion: {(pixels.IsDefault ? 0 : pixels.Length)} pixels are no picture of {width}x{height}.");
        }

        (_pixels, Height, Width) = (pixels, height, width);
        if (!pixels.Contains(true))
        {
            throw new ArgumentException($"EditRegion: none of the {width}x{height} pixels is to change.");
        }
    }

    /// <summary>Height of the picture, in pixels.</summary>
    public int Height { get; }

    /// <summary>Width of the picture, in pixels.</summary>
    public int Width { get; }

    /// <summary>A box.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="right">The column behind its last.</param>
    /// <param name="bottom">The row behind its last.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    public static EditRegion Box(int left, int top, int right, int bottom, int height, int width) =>
        Where((y, x) => y >= top && y < bottom && x >= left && x < right, height, width);

    /// <summary>Single pixels.</summary>
    /// <param name="points">Columns and rows.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    public static EditRegion Points(IEnumerable<(int X, int Y)> points, int height, int width)
    {
        HashSet<(int X, int Y)> known = [.. points];
        return Where((y, x) => known.Contains((x, y)), height, width);
    }

    /// <summary>Whether a pixel belongs to it.</summary>
    public bool this[int y, int x] => _pixels[(y * Width) + x];

    /// <summary>
    /// Its tokens and the rings around them: the first ring is the region, each further one what touches those before, corners included. Rings
    /// without tokens are left out.
    /// </summary>
    /// <param name="grid">Tokens of the picture, [rows, columns].</param>
    /// <param name="count">Rings at most, the region among them.</param>
    /// <param name="rule">Which tokens are the region's.</param>
    /// <returns>Token numbers of each ring, ascending.</returns>
    public IReadOnlyList<int[]> Rings(Shape grid, int count, RegionRule rule)
    {
        int rows = grid[0], columns = grid[1];
        var inside = Inside(rows, columns, rule);
        var rings = new List<int[]>();
        var ring = Numbers(inside);
        while (ring.Length > 0 && rings.Count < count)
        {
            rings.Add(ring);
            var grown = Grown(inside, rows, columns);
            ring = [.. Enumerable.Range(0, inside.Length).Where(i => grown[i] && !inside[i])];
            inside = grown;
        }

        return rings;
    }

    /// <inheritdoc/>
    public bool Equals(EditRegion? other) => other is not null && Height == other.Height && Width == other.Width
        && _pixels.AsSpan().SequenceEqual(other._pixels.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EditRegion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, Width, _pixels.Count(p => p));

    private static EditRegion Where(Func<int, int, bool> belongs, int height, int width) =>
        new([.. Enumerable.Range(0, height * width).Select(i => belongs(i / width, i % width))], height, width);

    private bool[] Inside(int rows, int columns, RegionRule rule)
    {
        var touched = new bool[rows * columns];
        int top = Height, left = Width, bottom = 0, right = 0;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                if (this[y, x])
                {
                    touched[((int)((long)y * rows / Height) * columns) + (int)((long)x * columns / Width)] = true;
                    (top, left, bottom, right) = (Math.Min(top, y), Math.Min(left, x), Math.Max(bottom, y + 1), Math.Max(right, x + 1));
                }
            }
        }

        var wanted = rule switch
        {
            RegionRule.Mask => Tokens((row, column) => this[Middle(row, rows, Height), Middle(column, columns, Width)]),
            RegionRule.Box => Tokens((row, column) => IsWithin(row, top, bottom, rows, Height) && IsWithin(column, left, right, columns, Width)),
            _ => touched,
        };
        return wanted.Contains(true) ? wanted : touched;

        bool[] Tokens(Func<int, int, bool> belongs) =>
            [.. Enumerable.Range(0, rows * columns).Select(i => belongs(i / columns, i % columns))];
    }

    private static int Middle(int token, int tokens, int pixels) => (int)Math.Floor((token + 0.5) * pixels / tokens);

    private static bool IsWithin(int token, int from, int to, int tokens, int pixels)
    {
        var side = (double)pixels / tokens;
        return token >= (int)(from / side) && token < (int)((to / side) + 0.5);
    }

    private static int[] Numbers(bool[] tokens) => [.. Enumerable.Range(0, tokens.Length).Where(i => tokens[i])];

    private static bool[] Grown(bool[] tokens, int rows, int columns)
    {
        var grown = new bool[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            for (var at = 0; tokens[i] && at < 9; at++)
            {
                var (row, column) = ((i / columns) + (at / 3) - 1, (i % columns) + (at % 3) - 1);
                if (row >= 0 && row < rows && column >= 0 && column < columns)
                {
                    grown[(row * columns) + column] = true;
                }
            }
        }

        return grown;
    }
}
