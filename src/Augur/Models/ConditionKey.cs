using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Augur.Models;

/// <summary>
/// The numbers that the vector of a row's condition is made of and nothing else (timestep, label or pooled text, guidance, picture's size), or a
/// digest of them, as the host knows them: rows of equal keys have equal vectors, to the bit. Equal are keys of the same bits, so that 0 is not −0.
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

    /// <summary>A text as a few numbers in the place of all of its own: SHA-256.</summary>
    /// <param name="tokens">Of its tokens.</param>
    public static ImmutableArray<float> Digest(ReadOnlySpan<float> tokens)
    {
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(tokens));
        return [.. hash.Select(part => (float)part)];
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
