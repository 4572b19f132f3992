using System.Runtime.InteropServices;
using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class SafetensorsTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        using var backend = new ReferenceBackend();
        using var scope = TensorScope.Begin();
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt" } }
            .Add("flags", StoredType.Bool, new byte[] { 1, 0, 1 }, [3])
            .Add("index", [-1L, 2], [2])
            .Add("weight \"quoted\" ß", Tensor.From(backend, [1f, 2, 3, 4, 5, 6], [2, 3]))
            .Add("scalar", [2.5f], [])
            .Add("empty", ReadOnlySpan<float>.Empty, [0, 3]);
        writer.Save(folder.File("a.safetensors"));
        Assert.Equal(["a.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));

        using var checkpoint = Checkpoint.Open(folder.File("a.safetensors"));
        Assert.Equal("safetensors", checkpoint.Format);
        Assert.Equal("pt", checkpoint.Metadata["format"]);
        Assert.Equal(["empty", "flags", "index", "scalar", "weight \"quoted\" ß"], checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([1L, 0, 1], checkpoint.Tensors["flags"].ToInt64s());
        Assert.Equal([-1L, 2], checkpoint.Tensors["index"].ToInt64s());
        Assert.Equal([1f, 2, 3, 4, 5, 6], checkpoint.Tensors["weight \"quoted\" ß"].ToTensor(backend).ToArray());
        Assert.Equal(new Shape(2, 3), checkpoint.Tensors["weight \"quoted\" ß"].Shape);
        Assert.Equal([2.5], checkpoint.Tensors["scalar"].ToDoubles());
        Assert.Empty(checkpoint.Tensors["empty"].ToSingles());
    }

    [Fact]
    public void Writing_again_replaces_a_file_and_a_failed_write_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        new SafetensorsWriter().Add("a", [1f], [1]).Save(folder.File("a.safetensors"));
        new SafetensorsWriter().Add("b", [1f], [1]).Save(folder.File("a.safetensors"));
        using (var checkpoint = Checkpoint.Open(folder.Path))
        {
            Assert.Equal(["b"], checkpoint.Tensors.Keys);
        }

        Directory.CreateDirectory(folder.File("taken"));
        Assert.ThrowsAny<Exception>(() => new SafetensorsWriter().Add("b", [1f], [1]).Save(folder.File("taken")));
        Assert.Equal(["a.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(StoredType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf }, -1.5)]
    [InlineData(StoredType.Float32, new byte[] { 0, 0, 0xc0, 0xbf }, -1.5)]
    [InlineData(StoredType.Float16, new byte[] { 0, 0xbe }, -1.5)]
    [InlineData(StoredType.BFloat16, new byte[] { 0xc0, 0xbf }, -1.5)]
    [InlineData(StoredType.Float8E5M2, new byte[] { 0xbe }, -1.5)]
    [InlineData(StoredType.Float8E4M3, new byte[] { 0xbc }, -1.5)]
    [InlineData(StoredType.Float8E4M3, new byte[] { 0x7e }, 448.0)]
    [InlineData(StoredType.Float8E4M3, new byte[] { 0x01 }, 0.001953125)]
    [InlineData(StoredType.Float8E4M3, new byte[] { 0x7f }, double.NaN)]
    [InlineData(StoredType.UInt64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808.0)]
    [InlineData(StoredType.Int32, new byte[] { 0xfe, 0xff, 0xff, 0xff }, -2.0)]
    [InlineData(StoredType.UInt16, new byte[] { 0xfe, 0xff }, 65534.0)]
    [InlineData(StoredType.Int8, new byte[] { 0xfe }, -2.0)]
    [InlineData(StoredType.Bool, new byte[] { 1 }, 1.0)]
    public void Every_element_type_is_read(StoredType type, byte[] bytes, double value)
    {
        using var checkpoint = Checkpoint.FromBytes("a.safetensors", new SafetensorsWriter().Add("x", type, bytes, [1]).ToArray());
        Assert.Equal([value], checkpoint.Tensors["x"].ToDoubles());
        Assert.Equal([(float)value], checkpoint.Tensors["x"].ToSingles());
        Assert.Equal(bytes, checkpoint.Tensors["x"].Bytes.ToArray());
    }

    [Theory]
    [InlineData(StoredType.Float64, DType.Float32)]
    [InlineData(StoredType.Float32, DType.Float32)]
    [InlineData(StoredType.Float16, DType.Float16)]
    [InlineData(StoredType.BFloat16, DType.BFloat16)]
    [InlineData(StoredType.Float8E4M3, DType.Float16)]
    public void Precision_is_kept_where_a_tensor_can_have_it(StoredType stored, DType expected)
    {
        using var backend = new ReferenceBackend();
        using var scope = TensorScope.Begin();
        using var checkpoint =
            Checkpoint.FromBytes("a.safetensors", new SafetensorsWriter().Add("x", stored, new byte[2 * stored.Size()], [2]).ToArray());
        Assert.Equal(expected, checkpoint.Tensors["x"].ToTensor(backend).Type);
    }

    [Fact]
    public void Integers_are_not_taken_for_weights_nor_weights_for_integers()
    {
        using var backend = new ReferenceBackend();
        using var checkpoint = Checkpoint.FromBytes("a.safetensors", new SafetensorsWriter().Add("i", [1L], [1]).Add("f", [1f], [1]).ToArray());
        Assert.Equal(
            "a.safetensors: tensor 'i' holds Int64 numbers where floating-point numbers are needed.",
            Assert.Throws<WeightFileException>(() => checkpoint.Tensors["i"].ToTensor(backend)).Message);
        Assert.Equal(
            "a.safetensors: tensor 'f' holds Float32 numbers where integers are needed.",
            Assert.Throws<WeightFileException>(() => checkpoint.Tensors["f"].ToInt64s()).Message);
    }

    [Fact]
    public void Tensors_of_a_closed_file_are_not_read()
    {
        using var folder = new TemporaryFolder();
        new SafetensorsWriter().Add("x", [1f], [1]).Save(folder.File("a.safetensors"));
        var checkpoint = Checkpoint.Open(folder.Path);
        checkpoint.Dispose();
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint.Tensors["x"].ToSingles());
    }

    [Fact]
    public void Opening_does_not_read_the_data()
    {
        using var folder = new TemporaryFolder();
        new SafetensorsWriter().Add("x", new float[1 << 20], [1 << 20]).Save(folder.File("a.safetensors"));
        Checkpoint.Open(folder.Path).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(4 << 20, checkpoint.Tensors["x"].Bytes.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Wide_elements_are_aligned_in_written_files()
    {
        var file = new SafetensorsWriter().Add("odd", StoredType.UInt8, new byte[3], [3]).Add("x", [1f], [1]).ToArray();
        using var checkpoint = Checkpoint.FromBytes("a.safetensors", file);
        MemoryExtensions.Overlaps(file, checkpoint.Tensors["x"].Bytes, out var offset);
        Assert.Equal(0, offset % 4);
        Assert.Equal(1f, MemoryMarshal.Read<float>(checkpoint.Tensors["x"].Bytes));
    }
}
