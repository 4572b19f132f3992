using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Augur.Tensors.Files;

namespace Augur.Cli.Commands.Bench;

/// <summary>The file of results: a header, then a line per chunk, each on disk before the next is measured.</summary>
internal sealed class BenchLog<TChunk> : IDisposable
    where TChunk : class
{
    private readonly FileStream _stream;
    private readonly JsonTypeInfo<TChunk> _line;

    private BenchLog(FileStream stream, JsonTypeInfo<TChunk> line) => (_stream, _line) = (stream, line);

    /// <summary>Begins a file with its header.</summary>
    public static BenchLog<TChunk> Create(string path, BenchHeader header, JsonTypeInfo<TChunk> line)
    {
        AtomicFile.Write(path, stream => stream.Write(Line(JsonSerializer.Serialize(header, CliJson.Compact.BenchHeader))));
        return Append(path, new FileInfo(path).Length, line);
    }

    /// <summary>Opens a file to add to it.</summary>
    /// <param name="path">Of a file that <see cref="Read"/> accepted.</param>
    /// <param name="wholeBytes">Length of its whole lines; what follows, a line that a crash tore, is cut off.</param>
    /// <param name="line">How a line is written.</param>
    public static BenchLog<TChunk> Append(string path, long wholeBytes, JsonTypeInfo<TChunk> line)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(wholeBytes);
        stream.Seek(0, SeekOrigin.End);
        return new BenchLog<TChunk>(stream, line);
    }

    /// <summary>Reads a file, also while another program adds to it. A last line that is not whole is left out.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="line">How a line is written.</param>
    /// <exception cref="InvalidDataException">Another line is not one of ours.</exception>
    public static BenchLogContent<TChunk> Read(string path, JsonTypeInfo<TChunk> line)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(path, bytes, line);
    }

    public void Add(TChunk chunk)
    {
        _stream.Write(Line(JsonSerializer.Serialize(chunk, _line)));
        _stream.Flush(flushToDisk: true);
    }

    public void Dispose() => _stream.Dispose();

    private static BenchLogContent<TChunk> Parse(string path, byte[] bytes, JsonTypeInfo<TChunk> written)
    {
        BenchHeader? header = null;
        var chunks = new List<TChunk>();
        var whole = 0;
        for (var number = 1; whole < bytes.Length; number++)
        {
            var length = Array.IndexOf(bytes, (byte)'\n', whole) - whole;
            if (length < 0)
            {
                break; // a line without an end
            }

            try
            {
                var line = bytes.AsSpan(whole, length);
                if (header is null)
                {
                    header = JsonSerializer.Deserialize(line, CliJson.Compact.BenchHeader);
                }
                else
                {
                    chunks.Add(JsonSerializer.Deserialize(line, written) ?? throw new JsonException("it is null."));
                }
            }
            catch (JsonException problem) when (header is null || whole + length + 1 < bytes.Length)
            {
                throw new InvalidDataException($"{path}: line {number} is not one of augur bench: {problem.Message}", problem);
            }
            catch (JsonException)
            {
                break; // a torn line whose end was written
            }

            whole += length + 1;
        }

        return header is null ? throw new InvalidDataException($"{path} has no header; remove the folder, or give another --out.")
            : new BenchLogContent<TChunk>(header, chunks, whole, IsTorn: whole < bytes.Length);
    }

    private static byte[] Line(string json) => Encoding.UTF8.GetBytes(json + "\n");
}

/// <summary>What a file of results holds.</summary>
/// <param name="Header">Its first line.</param>
/// <param name="Chunks">The other lines, in the order of their measurement.</param>
/// <param name="WholeBytes">Length of the lines that are whole.</param>
/// <param name="IsTorn">Whether something followed them.</param>
internal sealed record BenchLogContent<TChunk>(BenchHeader Header, IReadOnlyList<TChunk> Chunks, long WholeBytes, bool IsTorn);
