namespace Augur.Conditioning;

/// <summary>
/// The text encoders of a model: read when the first prompt comes, dropped under a memory budget once prompts are encoded, with the embeddings of the
/// last prompts kept, so that what was encoded beforehand in one batch is not encoded again.
/// </summary>
/// <param name="load">Reads tokenizers and encoders.</param>
/// <param name="budget">Most bytes that weights of encoders may keep; null: no limit.</param>
internal sealed class PromptStore(Func<IPromptEncoder> load, long? budget) : IPromptEncoder
{
    private const long MaxKeptBytes = 1L << 30;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PromptEmbedding> _kept = [];
    private readonly Queue<string> _order = [];
    private long _keptBytes;
    private IPromptEncoder? _encoder;
    private bool _isDisposed;

    /// <summary>Bytes of the weights that are in memory now.</summary>
    public long ByteCount => _encoder?.ByteCount ?? 0;

    /// <inheritdoc/>
    public IReadOnlyList<PromptEmbedding> Encode(IReadOnlyList<string> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(PromptStore));
            var all = prompts.Distinct().Where(_kept.ContainsKey).ToDictionary(prompt => prompt, prompt => _kept[prompt]);
            string[] unknown = [.. prompts.Distinct().Where(prompt => !all.ContainsKey(prompt))];
            if (unknown.Length > 0)
            {
                foreach (var (prompt, embedding) in unknown.Zip(EncodeNew(unknown)))
                {
                    all[prompt] = embedding;
                    Keep(prompt, embedding);
                }
            }

            return [.. prompts.Select(prompt => all[prompt])];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Drop();
        }
    }

    private IReadOnlyList<PromptEmbedding> EncodeNew(IReadOnlyList<string> prompts)
    {
        _encoder ??= load();
        try
        {
            return _encoder.Encode(prompts);
        }
        finally
        {
            if (_encoder.ByteCount > budget)
            {
                Drop();
            }
        }
    }

    // The oldest go first.
    private void Keep(string prompt, PromptEmbedding embedding)
    {
        _kept[prompt] = embedding;
        _order.Enqueue(prompt);
        _keptBytes += BytesOf(embedding);
        while (_keptBytes > MaxKeptBytes && _order.Count > 1)
        {
            var oldest = _order.Dequeue();
            _keptBytes -= BytesOf(_kept[oldest]);
            _kept.Remove(oldest);
        }
    }

    private void Drop()
    {
        _encoder?.Dispose();
        _encoder = null;
    }

    private static long BytesOf(PromptEmbedding embedding) => sizeof(float) * ((long)embedding.Tokens.Length + embedding.Pooled.Length);
}
