using System.Runtime.InteropServices;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tensors.Weights.Gguf;

namespace Augur.Tests.Weights;

public sealed class GgufTests
{
    public static TheoryData<string> HostileFiles =>
        [.. Directory.GetFiles(Fixtures.Path("gguf/hostile"), "*.gguf").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void A_damaged_file_is_refused_in_one_sentence_that_begins_with_its_name(string file)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(Fixtures.Path($"gguf/hostile/{file}"));
        }
        catch (WeightFileException refused)
        {
            Assert.StartsWith($"{file}: ", refused.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            Assert.InRange(refused.Message.Length, 20, 400);
        }
    }

    [Theory]
    [InlineData("big_endian", "is a big-endian GGUF file; only little-endian ones are read.")]
    [InlineData("v1", "is GGUF of version 1, which is no longer read; versions 2 and 3 are.")]
    [InlineData("align_24", "metadata 'general.alignment' is 24, which is not a power of two.")]
    [InlineData("magic_504b0304", "does not begin with GGUF.")]
    public void The_reason_is_said(string file, string reason) => Assert.Equal(
        $"{file}.gguf: {reason}",
        Assert.Throws<WeightFileException>(() => Checkpoint.Open(Fixtures.Path($"gguf/hostile/{file}.gguf"))).Message);

    [Fact]
    public void Every_type_and_shape_that_was_written_is_read_back()
    {
        var random = new Random(3);
        var writer = new GgufWriter { Metadata = { ["general.architecture"] = "made up" } };
        var expected = new Dictionary<string, (StoredType Type, Shape Shape, byte[] Bytes)>();
        foreach (var type in Enum.GetValues<StoredType>().Where(t => GgufTypes.IdOf(t) is not null))
        {
            Shape shape = [3, 2 * GgufTypes.BlockElements(type)];
            expected[$"a.{type}"] = (type, shape, new byte[type.Bytes(shape.ElementCount)]);
        }

        expected["five axes"] = (StoredType.Float16, [2, 3, 1, 2, 5], new byte[120]);
        expected["scalar"] = (StoredType.Float32, [], new byte[4]);
        foreach (var (name, (type, shape, bytes)) in expected)
        {
            random.NextBytes(bytes);
            writer.Add(name, type, shape, bytes);
        }

        using var checkpoint = Checkpoint.FromBytes("a.gguf", writer.ToArray());
        Assert.Equal(("GGUF 3, made up", "made up"), (checkpoint.Format, checkpoint.Metadata["general.architecture"]));
        Assert.Equal(expected.Count, checkpoint.Tensors.Count);
        Assert.All(expected, e =>
        {
            var stored = checkpoint.Tensors[e.Key];
            Assert.Equal((e.Value.Type, e.Value.Shape), (stored.Type, stored.Shape));
            Assert.Equal(e.Value.Bytes, stored.Bytes.ToArray());
        });
    }

    [Fact]
    public void Weights_of_linear_maps_stay_in_the_blocks_of_the_file_which_lasts_as_long_as_they_do()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("gguf/flux.gguf"), folder.File("a.gguf"));
        using var scope = TensorScope.Begin();
        var x = Tensor.From(backend, [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i))], [1, 256]);
        PackedLinear map;
        float[] expected;
        using (var checkpoint = Checkpoint.Open(folder.File("a.gguf")))
        {
            var before = backend.BytesInUse;
            map = new WeightScope(checkpoint, backend).Linear("double_blocks.0.img_mlp.2", 32, 256);
            Assert.Equal((QuantizedFormat.Q4_K, 32, 256), (map.Format, map.Outputs, map.Inputs));
            Assert.InRange(backend.BytesInUse - before, 0, 1024); // the bias; the blocks alone would be 4608
            expected = x.Linear(map).ToArray();
        }

        using var part = map.Slice(16, 16) ?? map.Slice(0, 32)!;
        Assert.Equal(expected, x.Linear(map).ToArray());
        map.Dispose();
        Assert.Equal(expected[^part.Outputs..], x.Linear(part).ToArray());
        Assert.Throws<ObjectDisposedException>(() => x.Linear(map));
    }

    [Fact]
    public void A_weight_in_blocks_comes_apart_by_its_outputs()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var checkpoint = Checkpoint.Open(Fixtures.Path("gguf/flux.gguf"));
        var scope = new WeightScope(checkpoint, backend);
        var stored = checkpoint.Tensors["single_blocks.0.linear1.weight"];
        var parts = scope.LinearParts("single_blocks.0.linear1", [96, 256], 32);
        Assert.Equal([stored.PackedFormat, stored.PackedFormat], parts.Select(p => p.Format));
        using (TensorScope.Begin())
        {
            var x = Tensor.From(backend, [.. Enumerable.Range(0, 64).Select(i => MathF.Sin(i))], [2, 32]);
            using var whole = scope.Linear("single_blocks.0.linear1", 352, 32);
            Assert.Equal(x.Linear(whole).Columns(96, 256).ToArray(), x.Linear(parts[1]).ToArray());
        }

        Array.ForEach(parts, part => part.Dispose());
    }

    [Fact]
    public void A_block_whose_scale_is_not_finite_is_named_with_the_number()
    {
        var bytes = new byte[4 * 34];
        bytes[69] = 0x7e; // the third block's scale is NaN
        var file = new GgufWriter().Add("w", StoredType.Q8_0, [2, 64], bytes).ToArray();
        using var checkpoint = Checkpoint.FromBytes("a.gguf", file);
        Assert.Equal(
            "a.gguf: tensor 'w' holds NaN as element 64 of 128, where a finite number is needed.",
            Assert.Throws<WeightFileException>(() => checkpoint.Tensors["w"].RequireFinite()).Message);
    }

    [Fact]
    public void Rows_of_a_Llama_file_are_ordered_as_the_published_code_needs_them()
    {
        static float[] Rows(params int[] order) => [.. order.Select(i => (float)i)];
        var writer = new GgufWriter { Metadata = { ["general.architecture"] = "llama" } }
            .Add("blk.0.attn_q.weight", StoredType.Float32, [8, 1], MemoryMarshal.AsBytes(Rows(0, 2, 1, 3, 4, 6, 5, 7).AsSpan()).ToArray())
            .Add("blk.0.attn_v.weight", StoredType.Float32, [8, 1], MemoryMarshal.AsBytes(Rows(0, 1, 2, 3, 4, 5, 6, 7).AsSpan()).ToArray());
        var refused = Assert.Throws<WeightFileException>(() => Checkpoint.FromBytes("a.gguf", writer.ToArray())).Message;
        Assert.Contains("'llama.attention.head_count'", refused, StringComparison.Ordinal);
        writer.Metadata["llama.attention.head_count"] = "2";
        using var checkpoint = Checkpoint.FromBytes("a.gguf", writer.ToArray());
        Assert.Equal(["layers.0.self_attn.q_proj.weight", "layers.0.self_attn.v_proj.weight"], checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(checkpoint.Tensors.Values, t => Assert.Equal(Rows(0, 1, 2, 3, 4, 5, 6, 7), t.ToSingles()));
    }

    [Fact]
    public void Every_kind_of_metadata_is_shown_as_it_is()
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("gguf/hostile/ok_all_value_types.gguf"));
        Assert.Equal(
            ["200", "-5", "-300", "4294967295", "18446744073709551615", "-9223372036854775808", "0.1", "3.141592653589793"],
            new[] { "u8", "i8", "i16", "u32", "u64", "i64", "f32", "f64" }.Select(name => checkpoint.Metadata[$"a.{name}"]));
    }

    [Fact]
    public void What_a_GGUF_file_cannot_hold_is_said()
    {
        static void Expect(string message, Action act) => Assert.Equal(message, Assert.Throws<ArgumentException>(act).Message);
        Expect("Tensor 'a': GGUF has no Bool numbers.", () => new GgufWriter().Add("a", StoredType.Bool, [1], new byte[1]));
        Expect(
            "Tensor 'a': rows of [8, 128] are not whole Q4_K blocks of 256 numbers.",
            () => new GgufWriter().Add("a", StoredType.Q4_K, [8, 128], new byte[4 * 144]));
        Expect(
            "Tensor 'a': safetensors has no blocks of Q8_0; GGUF has.",
            () => new SafetensorsWriter().Add("a", StoredType.Q8_0, new byte[34], [1, 32]));
    }
}
