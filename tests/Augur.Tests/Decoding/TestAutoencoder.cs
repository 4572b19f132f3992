using System.Buffers.Binary;
using System.Text.Json;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Decoding;

/// <summary>Makes variants of a checkpoint in memory.</summary>
internal static class TestAutoencoder
{
    /// <summary>The checkpoint with other names and shapes; a null name leaves a tensor out.</summary>
    public static Checkpoint Rewrite(Checkpoint checkpoint, Func<string, Shape, (string? Name, Shape Shape)> change, params string[] extra)
    {
        var tensors = checkpoint.Tensors.Values
            .Select(t => (Target: change(t.Name, t.Shape), Values: t.ToSingles()))
            .Where(t => t.Target.Name is not null)
            .Select(t => (t.Target.Name!, t.Target.Shape, t.Values))
            .Concat(extra.Select(name => (name, new Shape(1), new float[1])));
        return FromSingles(tensors);
    }

    /// <summary>A safetensors file of single-precision tensors.</summary>
    public static Checkpoint FromSingles(IEnumerable<(string Name, Shape Shape, float[] Values)> tensors)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal);
        using var data = new MemoryStream();
        foreach (var (name, shape, values) in tensors)
        {
            var begin = data.Length;
            data.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
            header[name] = new { dtype = "F32", shape = shape.ToArray(), data_offsets = new[] { begin, data.Length } };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return Checkpoint.FromBytes("test.safetensors", [.. length, .. json, .. data.ToArray()]);
    }
}
