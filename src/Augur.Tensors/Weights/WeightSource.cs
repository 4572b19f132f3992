using System.IO.MemoryMappedFiles;

namespace Augur.Tensors.Weights;

/// <summary>The bytes of one weight file, mapped or in memory. Slices are valid until the source is disposed.</summary>
internal abstract class WeightSource(string fileName) : IDisposable
{
    /// <summary>Name without folder, for messages.</summary>
    public string FileName { get; } = fileName;

    public abstract long Length { get; }

    /// <summary>Bytes that the caller has checked to be inside the file.</summary>
    /// <exception cref="ObjectDisposedException">The checkpoint was disposed.</exception>
    public abstract ReadOnlySpan<byte> Slice(long offset, int count);

    /// <summary>Bytes at a position that the file itself states.</summary>
    /// <exception cref="WeightFileException">They are outside of the file.</exception>
    public ReadOnlySpan<byte> Read(long offset, int count, string what) => offset >= 0 && count >= 0 && offset <= Length - count
        ? Slice(offset, count)
        : throw Error($"{what} would take {count} bytes from byte {offset} on, but the file has {Length} bytes.");

    /// <summary>
    /// Keeps slices valid, at one address, until what is returned is disposed, even if the source is disposed before; null where they can move.
    /// </summary>
    public virtual IDisposable? Hold() => null;

    public WeightFileException Error(string sentence) => new($"{FileName}: {sentence}");

    /// <summary>Maps a file; nothing is read before it is used.</summary>
    public static WeightSource Open(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length == 0)
            {
                stream.Dispose();
                return new MemorySource(name, []); // an empty file cannot be mapped
            }

            return new MappedSource(name, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightFileException($"{name}: cannot be opened ({e.Message.TrimEnd('.')}).", e);
        }
    }

    public abstract void Dispose();
}

/// <summary>A file in memory.</summary>
internal sealed class MemorySource(string fileName, byte[] bytes) : WeightSource(fileName)
{
    private byte[]? _bytes = bytes;

    public override long Length { get; } = bytes.Length;

    public override ReadOnlySpan<byte> Slice(long offset, int count) =>
        (_bytes ?? throw new ObjectDisposedException(nameof(Checkpoint), $"{FileName} was read after its checkpoint was closed."))
            .AsSpan(checked((int)offset), count);

    public override void Dispose() => _bytes = null;
}

/// <summary>A file mapped into the address space.</summary>
internal sealed unsafe class MappedSource : WeightSource
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Lock _lock = new();
    private byte* _first;
    private int _holders = 1; // this source, and what it was asked to hold

    public MappedSource(string fileName, FileStream stream)
        : base(fileName)
    {
        Length = stream.Length;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
        _first += _view.PointerOffset;
    }

    public override long Length { get; }

    public override ReadOnlySpan<byte> Slice(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_first is null, typeof(Checkpoint));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
        return new ReadOnlySpan<byte>(_first + offset, count);
    }

    public override IDisposable Hold()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_holders == 0, typeof(Checkpoint));
            _holders++;
        }

        return new Holder(this);
    }

    public override void Dispose()
    {
        if (_first is not null)
        {
            _first = null;
            Release();
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_holders > 0)
            {
                return;
            }
        }

        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private sealed class Holder(MappedSource source) : IDisposable
    {
        private MappedSource? _source = source;

        public void Dispose() => Interlocked.Exchange(ref _source, null)?.Release();
    }
}
