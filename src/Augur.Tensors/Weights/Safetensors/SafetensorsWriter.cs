using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Augur.Tensors.Files;

namespace Augur.Tensors.Weights;

/// <summary>Collects tensors and writes them as one safetensors file. Arrays are kept, not copied, until the file is written.</summary>
public sealed class SafetensorsWriter
{
    private const int HeaderAlignment = 8;
    private readonly List<(string Name, StoredType Type, Shape Shape, ReadOnlyMemory<byte> Bytes)> _tensors = [];
    private readonly HashSet<string> _names = ["__metadata__"];

    /// <summary>Metadata for the file's header; may be empty.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds a tensor from the little-endian bytes of its elements, innermost axis fastest.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the number of bytes does not fit type and shape.</exception>
    public SafetensorsWriter Add(string name, StoredType type, ReadOnlyMemory<byte> bytes, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (type.IsBlocks())
        {
            throw new ArgumentException($"Tensor '{name}': safetensors has no blocks of {type}; GGUF has.");
        }

        if (bytes.Length != shape.ElementCount * type.Size())
        {
            throw new ArgumentException($"Tensor '{name}': {bytes.Length} bytes do not fill {type} {shape}.");
        }

        if (!_names.Add(name))
        {
            throw new ArgumentException($"The name '{name}' is taken.");
        }

        _tensors.Add((name, type, shape, bytes));
        return this;
    }

    /// <summary>Adds a Float32 tensor from its elements, innermost axis fastest.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the number of elements does not fit the shape.</exception>
    public SafetensorsWriter Add(string name, ReadOnlySpan<float> values, Shape shape) =>
        Add(name, StoredType.Float32, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds an Int64 tensor from its elements, innermost axis fastest.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the number of elements does not fit the shape.</exception>
    public SafetensorsWriter Add(string name, ReadOnlySpan<long> values, Shape shape) =>
        Add(name, StoredType.Int64, MemoryMarshal.AsBytes(values).ToArray(), shape);

    /// <summary>Adds a tensor in its own precision; a device-to-host read.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public SafetensorsWriter Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var bytes = new byte[tensor.ByteCount];
        tensor.Backend.Download([tensor], bytes);
        var type = tensor.Type switch
        {
            DType.Float16 => StoredType.Float16,
            DType.BFloat16 => StoredType.BFloat16,
            DType.Int32 => StoredType.Int32,
            _ => StoredType.Float32,
        };
        return Add(name, type, bytes, tensor.Shape);
    }

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
        // Wide elements first, so that every tensor begins at a multiple of its element's size.
        var ordered = _tensors.OrderByDescending(t => t.Type.Size()).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json);
            long begin = 0;
            foreach (var (name, type, shape, bytes) in ordered)
            {
                WriteEntry(json, name, type, shape, begin, begin += bytes.Length);
            }

            json.WriteEndObject();
        }

        while (header.Length % HeaderAlignment != 0)
        {
            header.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var tensor in ordered)
        {
            stream.Write(tensor.Bytes.Span);
        }
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        if (Metadata.Count > 0)
        {
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, StoredType type, Shape shape, long begin, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type.SafetensorsName());
        json.WriteStartArray("shape");
        foreach (var extent in shape)
        {
            json.WriteNumberValue(extent);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
