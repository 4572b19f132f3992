using System.Text;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using static Augur.Tests.Weights.PyTorchFile;

namespace Augur.Tests.Weights;

public sealed class HostilePyTorchTests
{
    [Fact]
    public void A_file_made_by_hand_is_read()
    {
        using var checkpoint = Checkpoint.FromBytes(Name, From(Tensor(4, 1, [3], [1]), new byte[16]));
        Assert.Equal([0f, 0, 0], checkpoint.Tensors["w"].ToSingles());
    }

    [Theory]
    [InlineData(4, 0, new long[] { 5 }, new long[] { 1 }, "tensor 'w' [5] would reach element 4 of a storage that has 4.")]
    [InlineData(4, 3, new long[] { 2 }, new long[] { 1 }, "tensor 'w' [2] would reach element 4 of a storage that has 4.")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 }, "tensor 'w' [2, 2] would reach element 4 of a storage that has 4.")]
    [InlineData(
        4, 0, new long[] { 3 }, new long[] { long.MaxValue }, "tensor 'w' [3] would reach element 18446744073709551614 of a storage that has 4.")]
    [InlineData(4, 0, new long[] { 1000 }, new long[] { 0 }, "tensor 'w' [1000] has more elements than its storage, which has 4.")]
    [InlineData(4, 3, new long[] { 2 }, new long[] { -1 }, "tensor 'w' [2] has impossible strides or a negative offset.")]
    [InlineData(4, -1, new long[] { 2 }, new long[] { 1 }, "tensor 'w' [2] has impossible strides or a negative offset.")]
    [InlineData(4, 0, new long[] { 2 }, new long[] { 1, 1 }, "tensor 'w' [2] has impossible strides or a negative offset.")]
    [InlineData(4, 0, new long[] { -2 }, new long[] { 1 }, "tensor 'w' has the impossible shape [-2].")]
    [InlineData(4, 0, new long[] { 1, 1, 1, 1, 1, 1, 4 }, new long[] { 1, 1, 1, 1, 1, 1, 1 }, "tensor 'w' has 7 axes; at most 6 are possible.")]
    [InlineData(5, 0, new long[] { 5 }, new long[] { 1 }, "tensor 'w' lies in a storage of 20 bytes, but the file holds 16 of them.")]
    public void A_tensor_that_does_not_lie_in_its_storage_is_named(long elements, long offset, long[] extents, long[] strides, string sentence) =>
        Assert.Equal("model.pt: " + sentence, Refusal(From(Tensor(elements, offset, extents, strides), new byte[16])));

    [Fact]
    public void A_missing_storage_is_named() =>
        Assert.Equal(
            "model.pt: tensor 'w' lies in storage '0', which the file does not hold.", Refusal(Zip(("a/data.pkl", Tensor(4, 0, [4], [1])))));

    [Theory]
    [InlineData("cbuiltins\neval\n.", "the file holds no dictionary of tensors.")]
    [InlineData("cos\nsystem\n(S'id'\ntR.", "the file holds an object of 'os.system', which nothing here makes, and no dictionary")]
    [InlineData("(ios\nsystem\n.", "the file holds an object of 'os.system', which nothing here makes, and no dictionary")]
    [InlineData("(cos\nsystem\no.", "the file holds an object of 'os.system', which nothing here makes, and no dictionary")]
    [InlineData("U\u0002osU\u0006system\u0093.", "the file holds no dictionary of tensors.")]
    [InlineData("\u0082\u0001.", "byte 46: the pickle uses instruction 0x82, which PyTorch does not write; refused.")]
    [InlineData("0.", "byte 46: the pickle drops a value that is not there.")]
    [InlineData("(.", "byte 47: the pickle uses a value that is not there.")]
    [InlineData("N", "byte 47: the pickle ends without its stop instruction.")]
    [InlineData("t.", "byte 46: the pickle collects values without having marked where they begin.")]
    [InlineData("}(Nu.", "byte 49: the pickle sets a key without a value.")]
    [InlineData("h\u0005.", "byte 46: the pickle recalls value 5, which it did not store.")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffab.", "byte 51: the pickle would need 4294967295 more bytes, but has 3.")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "byte 55: the pickle would need -1 more bytes, but has 1.")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff.", "byte 51: an integer of 4294967295 bytes is too long; the limit is 1024.")]
    [InlineData("Iabc\n.", "byte 47: 'abc' is not an integer of 64 bits.")]
    [InlineData("Fabc\n.", "byte 47: 'abc' is not a number.")]
    [InlineData("b.", "byte 46: the pickle uses a value that is not there.")]
    [InlineData("NNa.", "byte 48: the pickle appends to something that is not a list.")]
    public void A_pickle_with_anything_else_is_refused(string pickle, string sentence) =>
        Assert.StartsWith("model.pt: " + sentence, Refusal(Zip(("archive/data.pkl", Encoding.Latin1.GetBytes(pickle)))), StringComparison.Ordinal);

    [Theory]
    [InlineData("cos\nsystem\n(S'id'\ntR", "os.system")] // a call
    [InlineData("cpathlib\nPosixPath\n(S'a'\ntR", "pathlib.PosixPath")]
    [InlineData("ccollections\ndefaultdict\n)R(S'a'\nNu", "collections.defaultdict")] // items are set on it
    [InlineData("cnumpy\ndtype\n(S'f8'\ntRNb", "numpy.dtype")] // a state is set on it
    [InlineData("c__main__\nThing\n)\u0081}b", "__main__.Thing")]
    [InlineData("c__main__\nThing\n)}\u0092", "__main__.Thing")]
    [InlineData("(c__main__\nThing\no", "__main__.Thing")]
    [InlineData("(i__main__\nThing\n", "__main__.Thing")]
    [InlineData("Nccollections\nOrderedDict\nR", "object")]
    [InlineData("\u008f(NN\u0090", "")] // a set
    [InlineData("(N\u0091", "")] // a frozenset
    [InlineData("\u0096\u0001\0\0\0\0\0\0\0a", "")] // a bytearray
    [InlineData("Vtext\n", "")]
    [InlineData("NQ", "object in the file")] // a reference to something that is no storage
    [InlineData("P7\n", "object in the file")]
    public void What_stands_beside_the_tensors_is_not_made_and_does_no_harm(string beside, string name)
    {
        // The dictionary with the tensor, then one more key with the object as its value.
        var pickle = Join(Tensor(4, 0, [4], [1])[..^1], Text("beside"), Encoding.Latin1.GetBytes(beside), "s."u8.ToArray());
        using var checkpoint = Checkpoint.FromBytes(Name, From(pickle, new byte[16]));
        Assert.Equal([0f, 0, 0, 0], checkpoint.Tensors["w"].ToSingles());
        Assert.Equal(name, checkpoint.Metadata.GetValueOrDefault("objects not made", ""));
    }

    [Fact]
    public void A_tensor_that_only_running_code_could_make_is_refused_when_it_is_wanted()
    {
        var sparse = "ctorch._utils\n_rebuild_sparse_tensor\n)Rs"u8.ToArray();
        var pickle = Join("}"u8.ToArray(), Text("w"), sparse, Text("v"), Tensor(4, 0, [4], [1])[6..]);
        using var checkpoint = Checkpoint.FromBytes(Name, From(pickle, new byte[16]));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var weights = new WeightScope(checkpoint, backend);
        weights.Tensor("v", [4]).Dispose();
        Assert.Equal(
            "model.pt: tensor 'w' cannot be read: it is an object of 'torch._utils._rebuild_sparse_tensor'.",
            Assert.Throws<WeightFileException>(() => weights.Tensor("w", [4])).Message);
    }

    [Fact]
    public void Endless_nesting_and_self_reference_do_no_harm()
    {
        var nested = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("](", 100_000)) + "N" + new string('e', 100_000) + ".");
        Assert.Equal("model.pt: the file holds no dictionary of tensors.", Refusal(Zip(("a/data.pkl", nested))));
        Assert.Equal("model.pt: the file holds no dictionary of tensors.", Refusal(Zip(("a/data.pkl", "}q\0U\x05modelh\0s."u8.ToArray()))));
    }

    [Fact]
    public void Many_references_to_a_large_dictionary_cost_no_more_than_their_bytes()
    {
        // Looking through the inner dictionary for tensors once per reference would take 4·10^10 steps.
        var inner = $"}}q\0({string.Concat(Enumerable.Repeat("NN", 200_000))}u0";
        var outer = $"}}({string.Concat(Enumerable.Repeat("U\u0001ah\0", 200_000))}u.";
        Assert.Equal("model.pt: the file holds no dictionary of tensors.", Refusal(Zip(("a/data.pkl", Encoding.Latin1.GetBytes(inner + outer)))));
    }

    [Fact]
    public void A_deep_stack_is_refused() =>
        Assert.Equal(
            $"model.pt: byte {40 + (1 << 20)}: the pickle stacks more than 1048576 values.",
            Refusal(Zip(("a/data.pkl", [.. Enumerable.Repeat((byte)'N', (1 << 20) + 1)]))));

    [Fact]
    public void A_truncated_archive_is_refused()
    {
        var file = From(Tensor(4, 0, [4], [1]), new byte[16]);
        Assert.Equal("model.pt: the end of the zip archive is missing; the file may be cut short.", Refusal(file[..^1]));
    }

    [Fact]
    public void A_truncated_legacy_file_is_refused_wherever_it_is_cut()
    {
        var file = File.ReadAllBytes(Fixtures.Path("weights/types.legacy.pt"));
        for (var length = 0; length < file.Length; length++)
        {
            Assert.StartsWith("model.pt: ", Refusal(file[..length]), StringComparison.Ordinal);
        }

        Assert.Equal($"model.pt: byte {file.Length}: more follows the last storage.", Refusal([.. file, 0]));
    }

    [Fact]
    public void An_archive_that_gives_its_places_in_64_bits_is_read()
    {
        var file = Checkpoint.FromBytes(Name, Zip64(From(Tensor(4, 0, [4], [1]), new byte[16])));
        Assert.Equal(4, file.Tensors["w"].ToSingles().Length);
    }

    [Fact]
    public void A_compressed_entry_and_a_duplicate_one_are_refused()
    {
        var file = From(Tensor(4, 0, [4], [1]), new byte[16]);
        var entry = file.AsSpan().IndexOf("PK\x01\x02"u8);
        file[entry + 10] = 8;
        Assert.Equal("model.pt: the zip entry 'archive/data.pkl' is compressed or encrypted, which PyTorch never does; refused.", Refusal(file));
        Assert.Equal("model.pt: the zip entry 'a' is listed twice.", Refusal(Zip(("a", []), ("a", []))));
        Assert.Equal("model.pt: is a zip archive with 0 entries called data.pkl, so not a PyTorch checkpoint.", Refusal(Zip(("a", []))));
    }

    [Fact]
    public void A_big_endian_file_is_refused() =>
        Assert.Equal(
            "model.pt: was written by a big-endian machine, which is not supported.",
            Refusal(Zip(("a/data.pkl", Tensor(4, 0, [4], [1])), ("a/data/0", new byte[16]), ("a/byteorder", "big"u8.ToArray()))));

    [Fact]
    public void A_storage_described_in_two_ways_is_refused()
    {
        var one = Tensor(4, 0, [4], [1])[..^2];
        var other = Tensor(4, 0, [4], [1], "torch\nHalfStorage\n")[3..];
        Assert.Contains(
            "the storage '0' is described in two ways.", Refusal(From(Join(one, "s"u8.ToArray(), other), new byte[16])), StringComparison.Ordinal);
    }

    private static string Refusal(byte[] file) => Assert.Throws<WeightFileException>(() => Checkpoint.FromBytes(Name, file)).Message;
}
