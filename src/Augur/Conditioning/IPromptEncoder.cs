namespace Augur.Conditioning;

/// <summary>
/// Makes of prompts what one network reads: its tokenizers and text encoders together, with the network's own template and order of features.
/// Immutable after loading; any number of threads may call it.
/// </summary>
public interface IPromptEncoder : IDisposable
{
    /// <summary>Encodes prompts, in batches. Equal prompts give equal embeddings, whatever is encoded beside them.</summary>
    /// <param name="prompts">Texts; an empty one is the null condition of most networks.</param>
    /// <exception cref="ArgumentException">A prompt cannot be encoded; the message says which and why.</exception>
    IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts);

    /// <summary>Bytes of its weights.</summary>
    long ByteCount { get; }
}
