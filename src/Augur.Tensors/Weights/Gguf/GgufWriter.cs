using System.Text;
using Augur.Tensors.Files;
using Augur.Tensors.Weights.Gguf;

namespace Augur.Tensors.Weights;

/// <summary>Writes a GGUF file of version 3. Tensors are announced first and written one after the other, so that none has to be kept.</summary>
public sealed class GgufWriter
{
    private const int Alignment = 32;
    private const int MostAxes = 4;
    private const int MostNameBytes = 255;
    private const uint TextType = 8, ArrayType = 9, UInt32Type = 4, Int32Type = 5, SingleType = 6;
    private readonly List<Entry> _tensors = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Texts of the metadata, such as <c>general.architecture</c>; may be empty.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whole numbers of the metadata, such as <c>llada.block_count</c>; keys are those of no other.</summary>
    public IDictionary<string, uint> Integers { get; } = new SortedDictionary<string, uint>(StringComparer.Ordinal);

    /// <summary>Numbers of the metadata in single precision, such as <c>llada.rope.freq_base</c>; keys are those of no other.</summary>
    public IDictionary<string, float> Singles { get; } = new SortedDictionary<string, float>(StringComparer.Ordinal);

    /// <summary>Announces a tensor.</summary>
    /// <param name="name">At most 255 bytes in UTF-8.</param>
    /// <param name="type">Element type; rows of blocks are whole ones.</param>
    /// <param name="shape">Extents, outermost first; beyond four, all but the last are stored as one and the shape goes into the metadata.</param>
    /// <param name="write">Writes the elements, as many bytes as type and shape say; called when the file is written.</param>
    /// <exception cref="ArgumentException">GGUF has no such type, the rows are not whole blocks, or the name is taken or too long.</exception>
    public GgufWriter Add(string name, StoredType type, Shape shape, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        var id = GgufTypes.IdOf(type) ?? throw new ArgumentException($"Tensor '{name}': GGUF has no {type} numbers.");
        if (shape.ElementCount % GgufTypes.BlockElements(type) != 0
            || (type.IsBlocks() && (shape.Rank == 0 || shape[shape.Rank - 1] % GgufTypes.BlockElements(type) != 0)))
        {
            throw new ArgumentException($"Tensor '{name}': rows of {shape} are not whole {type} blocks of {GgufTypes.BlockElements(type)} numbers.");
        }

        if (Encoding.UTF8.GetByteCount(name) > MostNameBytes || !_names.Add(name))
        {
            throw new ArgumentException($"The name '{name}' is taken, or longer than {MostNameBytes} bytes.");
        }

        _tensors.Add(new Entry(name, type, id, shape, write));
        return this;
    }

    /// <summary>Announces a tensor whose elements are at hand.</summary>
    /// <inheritdoc cref="Add(string, StoredType, Shape, Action{Stream})"/>
    public GgufWriter Add(string name, StoredType type, Shape shape, ReadOnlyMemory<byte> bytes) => bytes.Length == type.Bytes(shape.ElementCount)
        ? Add(name, type, shape, stream => stream.Write(bytes.Span))
        : throw new ArgumentException($"Tensor '{name}': {bytes.Length} bytes do not fill {type} {shape}.");

    /// <summary>Writes the file atomically; see <see cref="AtomicFile"/>.</summary>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path) => AtomicFile.Write(path, WriteTo);

    /// <summary>The file's content.</summary>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    private void WriteTo(Stream stream)
    {
        var header = Header();
        stream.Write(header);
        foreach (var tensor in _tensors)
        {
            var counted = new CountingStream(stream);
            tensor.Write(counted);
            if (counted.Written != tensor.ByteCount)
            {
                throw new InvalidOperationException($"Tensor '{tensor.Name}' wrote {counted.Written} bytes instead of {tensor.ByteCount}.");
            }

            stream.Write(new byte[Padded(tensor.ByteCount) - tensor.ByteCount]);
        }
    }

    private byte[] Header()
    {
        using var memory = new MemoryStream();
        using var header = new BinaryWriter(memory);
        var reshaped = _tensors.Where(t => t.Shape.Rank > MostAxes).ToArray();
        header.Write("GGUF"u8);
        header.Write(3u);
        header.Write((long)_tensors.Count);
        header.Write((long)(Metadata.Count + Integers.Count + Singles.Count + 1 + reshaped.Length));
        foreach (var (key, value) in Metadata)
        {
            WriteText(header, key);
            header.Write(TextType);
            WriteText(header, value);
        }

        foreach (var (key, value) in Integers.Append(new("general.quantization_version", 2)))
        {
            WriteText(header, key);
            header.Write(UInt32Type);
            header.Write(value);
        }

        foreach (var (key, value) in Singles)
        {
            WriteText(header, key);
            header.Write(SingleType);
            header.Write(value);
        }

        foreach (var tensor in reshaped)
        {
            WriteText(header, $"comfy.gguf.orig_shape.{tensor.Name}");
            header.Write(ArrayType);
            header.Write(Int32Type);
            header.Write((long)tensor.Shape.Rank);
            foreach (var extent in tensor.Shape)
            {
                header.Write(extent);
            }
        }

        long offset = 0;
        foreach (var tensor in _tensors)
        {
            WriteInfo(header, tensor, offset);
            offset += Padded(tensor.ByteCount);
        }

        header.Write(new byte[Padded(memory.Length) - memory.Length]);
        header.Flush();
        return memory.ToArray();
    }

    private static void WriteInfo(BinaryWriter header, Entry tensor, long offset)
    {
        var rank = tensor.Shape.Rank;
        long[] extents = rank <= MostAxes ? [.. tensor.Shape.Select(n => (long)n)] : [tensor.Shape.Product(0, rank - 1), tensor.Shape[rank - 1]];
        WriteText(header, tensor.Name);
        header.Write(extents.Length);
        foreach (var extent in extents.Reverse())
        {
            header.Write(extent);
        }

        header.Write(tensor.Id);
        header.Write(offset);
    }

    private static void WriteText(BinaryWriter header, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        header.Write((long)bytes.Length);
        header.Write(bytes);
    }

    private static long Padded(long count) => (count + Alignment - 1) / Alignment * Alignment;

    private sealed record Entry(string Name, StoredType Type, uint Id, Shape Shape, Action<Stream> Write)
    {
        public long ByteCount { get; } = Type.Bytes(Shape.ElementCount);
    }

    /// <summary>Counts what is written.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written;

        public override long Position { get => Written; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Written += buffer.Length;
        }
    }
}
