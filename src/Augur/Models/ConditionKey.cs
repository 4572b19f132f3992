using System.Runtime.InteropServices;

namespace Augur.Models;

/// <summary>
/// The numbers that the vector of a row's condition is made of and nothing else (timestep, label or pooled text, guidance, picture's size), as the
/// host knows them: rows of equal keys have equal vectors, to the bit. Equal are keys of the same bits, so that 0 is not −0.
/// </summary>
internal sealed class ConditionKey : IEquatable<ConditionKey>
{
    private readonly float[] _numbers;
    private readonly int _hash;

    /// <param name="timestep">Model time.</param>
    /// <param name="others">In an order that is the network's own.</param>
    public ConditionKey(float timestep, params ReadOnlySpan<float> others)
    {
        _numbers = [timestep, .. others];
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        _hash = hash.ToHashCode();
    }

    /// <summary>Bytes of the numbers.</summary>
    public int ByteCount => Bytes.Length;

    private ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_numbers.AsSpan());

    /// <inheritdoc/>
    public bool Equals(ConditionKey? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConditionKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
