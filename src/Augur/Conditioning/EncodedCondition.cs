namespace Augur.Conditioning;

/// <summary>
/// What a network made of one condition, for one row: a label, embeddings of a text. Made once per distinct condition, shared by the samples that use
/// it, disposed with the last.
/// </summary>
public abstract class EncodedCondition : IDisposable
{
    /// <summary>Tokens of it that are attended to; 0 where it is no sequence. Rows of one call may differ in this.</summary>
    public virtual int TokenCount => 0;

    /// <summary>Bytes kept.</summary>
    public virtual long ByteCount => 0;

    /// <summary>Releases what was kept.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what was kept. Default: nothing.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
