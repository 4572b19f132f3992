using System.Runtime.InteropServices;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

/// <summary>Changes of low rank, merged into floats and beside blocks.</summary>
public sealed class WeightChangeTests : IDisposable
{
    private const int Rows = 5, Inputs = 64, Outputs = 48;
    private readonly CpuBackend _backend = new();

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(StoredType.Float32, 1e-6)]
    [InlineData(StoredType.Float16, 1e-3)]
    [InlineData(StoredType.BFloat16, 8e-3)]
    [InlineData(StoredType.Float64, 1e-6)]
    [InlineData(StoredType.Float8E4M3, 1e-4)]
    [InlineData(StoredType.Q8_0, 1e-6)]
    public void A_changed_tensor_holds_the_sum(StoredType type, double tolerance)
    {
        using var plain = Stored(type);
        var before = plain.Tensors["w.weight"].ToSingles();
        using var changed = Stored(type).With([Change(0, Outputs, 3, strength: 0.5f), Change(16, 8, 2, strength: -2)]);
        var after = changed.Tensors["w.weight"].ToSingles();
        for (var row = 0; row < Outputs; row++)
        {
            for (var column = 0; column < Inputs; column++)
            {
                var expected = before[(row * Inputs) + column] + Sum(Change(0, Outputs, 3, 0.5f), row, column)
                    + (row is >= 16 and < 24 ? Sum(Change(16, 8, 2, -2), row - 16, column) : 0);
                Assert.Equal(expected, after[(row * Inputs) + column], tolerance);
            }
        }
    }

    [Fact]
    public void A_change_that_a_half_cannot_hold_is_blamed_on_where_it_comes_from()
    {
        var change = new WeightChange
        {
            Name = "w.weight",
            Origin = "strong.safetensors",
            Up = [.. Enumerable.Repeat(1f, Outputs)],
            Down = [.. Enumerable.Repeat(1e5f, Inputs)],
            Rank = 1,
        };
        using var halves = Stored(StoredType.Float16).With([change]);
        var error = Assert.Throws<WeightFileException>(() => halves.Tensors["w.weight"].RequireFinite());
        Assert.Contains("by strong.safetensors, more than Float16 holds; give a smaller scale, or the model in bfloat16 or float32.", error.Message);
        using var singles = Stored(StoredType.Float32).With([change]);
        singles.Tensors["w.weight"].RequireFinite();
    }

    [Theory]
    [InlineData(Activation.None, false, false)]
    [InlineData(Activation.None, false, true)]
    [InlineData(Activation.GeluTanh, false, false)]
    [InlineData(Activation.Silu, true, true)]
    [InlineData(Activation.None, true, false)]
    [InlineData(Activation.Silu, false, true)]
    public void A_quantised_map_with_a_change_beside_it_is_the_merged_map(Activation activation, bool isGated, bool isAdded)
    {
        using var scope = TensorScope.Begin();
        WeightChange[] changes = [Change(0, Outputs, 3, 0.5f), Change(16, 8, 2, -2)];
        using var file = Stored(StoredType.Q8_0).With(changes);
        using var beside = new WeightScope(file, _backend).Linear("w", Outputs, Inputs);
        Assert.Equal(QuantizedFormat.Q8_0, Assert.IsType<AdaptedLinear>(beside).Format);
        using var bias = Tensor.From(_backend, file.Tensors["w.bias"].ToSingles(), [Outputs]);
        using var merged = _backend.Pack(Tensor.From(_backend, file.Tensors["w.weight"].ToSingles(), [Outputs, Inputs]), bias);
        var epilogue = new LinearEpilogue(
            activation, isGated ? Tensor.From(_backend, Numbers(2 * Outputs, 5), [2, Outputs]) : null,
            isAdded ? Tensor.From(_backend, Numbers(2 * Rows * Outputs, 6), [2, Rows, Outputs]) : null);
        var x = Tensor.From(_backend, Numbers(2 * Rows * Inputs, 7), [2, Rows, Inputs]);
        var (expected, actual) = (x.Linear(merged, epilogue).ToArray(), x.Linear(beside, epilogue).ToArray());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

        // A row's answer does not depend on those beside it.
        var alone = x.Rows(1, 1).Linear(
            beside, epilogue with { Gate = epilogue.Gate?.Rows(1, 1), Residual = epilogue.Residual?.Rows(1, 1) }).ToArray();
        Assert.Equal(alone, actual[(Rows * Outputs)..]);
    }

    [Fact]
    public void Parts_of_a_quantised_map_have_their_own_rows_of_the_change()
    {
        using var scope = TensorScope.Begin();
        using var file = Stored(StoredType.Q8_0).With([Change(20, 8, 2, 1)]);
        var root = new WeightScope(file, _backend);
        var parts = root.LinearParts("w", [16, 32], Inputs);
        using var swapped = root.Joined(Inputs, true, new WeightRows("w", Outputs, 16, 32), new WeightRows("w", Outputs, 0, 16));
        Assert.IsNotType<AdaptedLinear>(parts[0]);
        Assert.IsType<AdaptedLinear>(parts[1]);
        var x = Tensor.From(_backend, Numbers(Rows * Inputs, 7), [Rows, Inputs]);
        var (whole, inParts) = (x.Linear(swapped).ToArray(), Tensor.Concatenate([x.Linear(parts[1]), x.Linear(parts[0])], 1).ToArray());
        Assert.All(whole.Zip(inParts), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Array.ForEach(parts, part => part.Dispose());
    }

    [Fact]
    public void Quantised_parts_that_are_joined_stay_in_their_blocks()
    {
        var blocks = Blocks(2 * Outputs);
        using var file = Checkpoint.FromBytes("m.gguf", new GgufWriter()
            .Add("q.weight", StoredType.Q8_0, [Outputs, Inputs], blocks.AsMemory(0, blocks.Length / 2))
            .Add("k.weight", StoredType.Q8_0, [Outputs, Inputs], blocks.AsMemory(blocks.Length / 2)).ToArray());
        using var scope = TensorScope.Begin();
        using var joined = new WeightScope(file, _backend).Joined(Inputs, false, WeightRows.All("q", Outputs), WeightRows.All("k", Outputs));
        Assert.Equal((QuantizedFormat.Q8_0, 2 * Outputs), (joined.Format!.Value, joined.Outputs));
        using var whole = _backend.Pack(new QuantizedMatrix(QuantizedFormat.Q8_0, 2 * Outputs, Inputs, blocks), null);
        var x = Tensor.From(_backend, Numbers(Rows * Inputs, 7), [Rows, Inputs]);
        Assert.Equal(x.Linear(whole).ToArray(), x.Linear(joined).ToArray());
    }

    [Fact]
    public void What_cannot_be_changed_is_refused_in_a_sentence()
    {
        Refused(StoredType.Float32, Change(40, 16, 2, 1), "'w.weight' [48, 64] is to be changed in the rows 40 to 55 of 64 columns.");
        Refused(StoredType.Float32, new WeightChange { Name = "v", Up = [1], Down = [1], Rank = 1 }, "'v', which is to be changed, is missing.");
        var dora = new WeightChange
        {
            Name = "w.weight",
            Up = new float[Outputs],
            Down = new float[Inputs],
            Rank = 1,
            Magnitudes = new float[Outputs],
        };
        Refused(StoredType.Q8_0, dora, "is quantised (Q8_0), and a DoRA, which rescales every weight, can only be merged into floats");

        static void Refused(StoredType type, WeightChange change, string sentence) =>
            Assert.Contains(sentence, Assert.Throws<WeightFileException>(() => Stored(type).With([change])).Message);
    }

    [Fact]
    public void A_change_that_leaves_no_finite_number_is_refused_where_the_tensor_is_read()
    {
        using var file = Stored(StoredType.Float16).With([Change(0, Outputs, 1, strength: 1e8f)]);
        var error = Assert.Throws<WeightFileException>(() => new WeightScope(file, _backend).Linear("w", Outputs, Inputs));
        Assert.Contains("tensor 'w.weight' becomes ", error.Message);
    }

    private static Checkpoint Stored(StoredType type)
    {
        if (type == StoredType.Q8_0)
        {
            return Checkpoint.FromBytes("m.gguf", new GgufWriter().Add("w.weight", type, [Outputs, Inputs], Blocks(Outputs))
                .Add("w.bias", StoredType.Float32, [Outputs], MemoryMarshal.AsBytes(Numbers(Outputs, 2).AsSpan()).ToArray()).ToArray());
        }

        var values = Numbers(Outputs * Inputs, 1);
        byte[] bytes = type switch
        {
            StoredType.Float8E4M3 => [.. Enumerable.Range(0, values.Length).Select(i => (byte)(i % 120))],
            StoredType.Float64 => [.. values.SelectMany(x => BitConverter.GetBytes((double)x))],
            StoredType.BFloat16 => [.. values.SelectMany(x => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(x) >> 16)))],
            StoredType.Float16 => [.. values.SelectMany(x => BitConverter.GetBytes((Half)x))],
            _ => [.. values.SelectMany(BitConverter.GetBytes)],
        };
        return Checkpoint.FromBytes("m.safetensors", new SafetensorsWriter().Add("w.weight", type, bytes, [Outputs, Inputs])
            .Add("w.bias", Numbers(Outputs, 2), [Outputs]).ToArray());
    }

    // Of scale 1/128 and numbers of one byte.
    private static byte[] Blocks(int rows)
    {
        var bytes = new byte[rows * (int)QuantizedFormat.Q8_0.RowBytes(Inputs)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 37);
        }

        for (var block = 0; block < bytes.Length; block += QuantizedFormat.Q8_0.BlockBytes())
        {
            BitConverter.GetBytes((Half)(1 / 128f)).CopyTo(bytes, block);
        }

        return bytes;
    }

    private static WeightChange Change(int first, int rows, int rank, float strength) => new()
    {
        Name = "w.weight",
        FirstRow = first,
        Up = Numbers(rows * rank, 3),
        Down = Numbers(rank * Inputs, 4),
        Rank = rank,
        Factor = 0.25f,
        Strength = strength,
    };

    private static double Sum(WeightChange change, int row, int column) => change.Strength * change.Factor
        * Enumerable.Range(0, change.Rank).Sum(r => (double)change.Up[(row * change.Rank) + r] * change.Down[(r * change.Columns) + column]);

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin((i * 0.37f) + seed))];
}
