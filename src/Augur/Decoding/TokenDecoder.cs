using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Makes a text of the numbers of its tokens, up to the first that ends it.</summary>
/// <param name="decode">The text of neighbouring tokens.</param>
/// <param name="endIds">Tokens that end a text.</param>
internal sealed class TokenDecoder(Func<IReadOnlyList<int>, string> decode, IReadOnlyCollection<int> endIds) : IDecoder
{
    /// <inheritdoc/>
    public int PixelsPerCell => 1;

    /// <inheritdoc/>
    public Medium Decode(Tensor latent) => Write(latent);

    /// <inheritdoc/>
    /// <remarks>Tokens that are not known are left out of the text, and stand as null among its tokens.</remarks>
    public Medium? Preview(Tensor estimate) => Write(estimate);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private WrittenText Write(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        if (latent.Shape.Rank != 2 || latent.Shape[0] != 1)
        {
            throw new ArgumentException($"A text is decoded from tokens [1, tokens], not from {latent.Shape}.", nameof(latent));
        }

        int[] ids = [.. latent.ToArray().TakeWhile(id => !endIds.Contains((int)id)).Select(id => (int)id)];
        return new WrittenText(decode([.. ids.Where(id => id >= 0)]))
        {
            Tokens = [.. ids.Select(id => id < 0 ? null : decode([id]))],
        };
    }
}
