using System.Collections;
using System.Runtime.CompilerServices;

namespace Augur.Tensors;

/// <summary>The extents of a tensor's axes, outermost first; at most <see cref="MaxRank"/>. A value: no allocation, compared by content.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    /// <summary>Most axes a tensor can have (video latents [batch, channels, frames, height, width] have five).</summary>
    public const int MaxRank = 6;

    private readonly Extents _extents;

    /// <summary>A shape with the given extents, outermost first.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxRank"/> axes, a negative extent, or more elements than 2^40.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank)
        {
            throw new ArgumentException($"A tensor has at most {MaxRank} axes, not {extents.Length}.");
        }

        Rank = extents.Length;
        long count = 1;
        for (var i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 0 || (extents[i] > 0 && count > (1L << 40) / extents[i])) // divided, because the product could wrap
            {
                throw new ArgumentException(
                    $"[{string.Join(", ", extents.ToArray())}] is not a shape: an extent is negative or there are more than 2^40 elements.");
            }

            count *= extents[i];
            _extents[i] = extents[i];
        }

        ElementCount = count;
    }

    /// <summary>Number of axes.</summary>
    public int Rank { get; }

    /// <summary>Product of the extents.</summary>
    public long ElementCount { get; }

    /// <summary>Extent of the innermost axis; 1 for a scalar.</summary>
    public int Columns => Rank == 0 ? 1 : _extents[Rank - 1];

    /// <summary>Product of all extents but the innermost: the tensor read as a matrix has this many rows.</summary>
    public long Rows => Rank == 0 ? 1 : Product(0, Rank - 1);

    /// <summary>Extent of an axis; <c>^1</c> is the innermost.</summary>
    public int this[Index axis]
    {
        get
        {
            var i = axis.GetOffset(Rank);
            return i >= 0 && i < Rank ? _extents[i] : throw new ArgumentOutOfRangeException(nameof(axis), $"{this} has no axis {axis}.");
        }
    }

    /// <summary>Builds a shape from a collection expression.</summary>
    public static Shape Create(ReadOnlySpan<int> extents) => new(extents);

    /// <summary>This shape with one extent replaced.</summary>
    public Shape With(Index axis, int extent)
    {
        _ = this[axis]; // refuses an axis that is not there
        Span<int> extents = stackalloc int[Rank];
        CopyTo(extents);
        extents[axis.GetOffset(Rank)] = extent;
        return new Shape(extents);
    }

    /// <summary>Product of the extents of axes <paramref name="from"/> to <paramref name="to"/>, exclusive.</summary>
    public long Product(int from, int to)
    {
        long product = 1;
        for (var i = from; i < to; i++)
        {
            product *= _extents[i];
        }

        return product;
    }

    /// <summary>Writes the extents, outermost first.</summary>
    public void CopyTo(Span<int> destination)
    {
        for (var i = 0; i < Rank; i++)
        {
            destination[i] = _extents[i];
        }
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank)
        {
            return false;
        }

        for (var i = 0; i < Rank; i++)
        {
            if (_extents[i] != other._extents[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, ElementCount, Columns);

    /// <summary>Whether both have the same axes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the axes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>For example <c>[2, 256, 1152]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        for (var i = 0; i < Rank; i++)
        {
            yield return _extents[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [InlineArray(MaxRank)]
    private struct Extents
    {
        private int _first;
    }
}
