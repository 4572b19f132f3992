using System.Buffers.Binary;
using Augur.Tensors.Weights;
using static Augur.Tests.Weights.SafetensorsFile;

namespace Augur.Tests.Weights;

public sealed class HostileSafetensorsTests
{
    private const string X = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    [Fact]
    public void A_file_too_short_for_a_header_is_refused() =>
        Assert.Equal("model.safetensors: is 3 bytes long, too short for the 8 bytes that give the header's length.", RefusalOf(new byte[3]));

    [Fact]
    public void An_oversized_header_is_refused_before_anything_is_allocated()
    {
        var file = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(file, -1);
        Assert.Equal("model.safetensors: byte 0: the header would be 18446744073709551615 bytes long; the limit is 100000000.", RefusalOf(file));
        BinaryPrimitives.WriteInt64LittleEndian(file, 93);
        Assert.Equal("model.safetensors: byte 0: the header would be 93 bytes long, but only 92 bytes follow.", RefusalOf(file));
    }

    [Fact]
    public void A_truncated_file_names_the_tensor_that_is_cut() =>
        Assert.Equal("model.safetensors: tensor 'x' would end at byte 8 of the data, which has only 7 bytes.", RefusalOf(X + "}", 7));

    [Fact]
    public void Trailing_bytes_are_refused() =>
        Assert.Equal("model.safetensors: the data is 11 bytes long, but its last 3 bytes belong to no tensor.", RefusalOf(X + "}", 11));

    [Fact]
    public void Overlapping_tensors_are_named() =>
        Assert.Equal(
            "model.safetensors: tensors 'x' and 'y' overlap at byte 4 of the data.",
            RefusalOf(X + ""","y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12));

    [Fact]
    public void A_gap_between_tensors_is_refused() =>
        Assert.Equal(
            "model.safetensors: bytes 8 to 12 of the data, before tensor 'y', belong to no tensor.",
            RefusalOf(X + ""","y":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16));

    [Fact]
    public void A_duplicate_name_is_refused() =>
        Assert.Equal(
            "model.safetensors: tensor 'x' is listed twice.",
            RefusalOf(X + ""","\u0078":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8));

    [Theory]
    [InlineData("F33", "[2]", "[0,8]", "tensor 'x' has an unknown dtype 'F33'.")]
    [InlineData("F32", "[2]", "[8,0]", "tensor 'x' would end at byte 0 of the data, before its beginning at 8.")]
    [InlineData("F32", "[2]", "[0,9223372036854775807]", "tensor 'x' would end at byte 9223372036854775807 of the data, which has only 8 bytes.")]
    [InlineData("F32", "[3]", "[0,8]", "tensor 'x', Float32 [3], needs 12 bytes but has 8.")]
    [InlineData("F32", "[-2]", "[0,8]", "the shape of tensor 'x' has an entry that is not an integer from 0 to 2^63 - 1.")]
    [InlineData("F32", "[2.0]", "[0,8]", "the shape of tensor 'x' has an entry that is not an integer from 0 to 2^63 - 1.")]
    [InlineData("F32", "[1,1,1,1,1,1,2]", "[0,8]", "the shape of tensor 'x' has more than 6 numbers.")]
    [InlineData("F32", "[3000000000]", "[0,8]", "tensor 'x' has the impossible shape [3000000000].")]
    [InlineData("F32", "[1099511627776,16777216]", "[0,8]", "tensor 'x' has the impossible shape [1099511627776, 16777216].")]
    [InlineData("F32", "[1048576,1048576,16777216]", "[0,0]", "tensor 'x' has the impossible shape [1048576, 1048576, 16777216].")]
    [InlineData("F32", "[0,2000000000,2000000000]", "[0,8]", "tensor 'x' has the impossible shape [0, 2000000000, 2000000000].")]
    [InlineData("F32", "2", "[0,8]", "the shape of tensor 'x' is not a JSON array.")]
    [InlineData("F32", "[2]", "[0]", "data_offsets of tensor 'x' are not two numbers.")]
    [InlineData("F32", "[2]", "[0,8,9]", "data_offsets of tensor 'x' has more than 2 numbers.")]
    [InlineData("F32", "[2]", "[-1,8]", "data_offsets of tensor 'x' has an entry that is not an integer from 0 to 2^63 - 1.")]
    public void An_impossible_entry_names_its_tensor(string type, string shape, string offsets, string sentence) =>
        Assert.Equal(
            "model.safetensors: " + sentence,
            RefusalOf($$$"""{"x":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}} }}""", 8));

    [Theory]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", "tensor 'x' has no dtype.")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor 'x' has no shape.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", "tensor 'x' has no data_offsets.")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "tensor 'x' gives its dtype twice.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"note":1}}""", "tensor 'x' has an unknown key 'note'.")]
    [InlineData("""{"x":5}""", "tensor 'x' is not a JSON object.")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "metadata 'a' is listed twice.")]
    [InlineData("""{"__metadata__":{"a":1}}""", "metadata 'a' is not a JSON string.")]
    [InlineData("""[]""", "the header is not a JSON object.")]
    [InlineData("""{"x":{"dtype":""", "the header is not valid JSON at byte 22.")]
    [InlineData("""{"x":{"dtype":[[[[[[[""", "the dtype of tensor 'x' is not a JSON string.")]
    [InlineData("""{"x":{"shape":[[[[[[[""", "the header is not valid JSON at byte 23.")]
    [InlineData("""{"\ud800":{}}""", "the header is not valid JSON at byte 18.")]
    [InlineData("""{} {}""", "the header is not valid JSON at byte 11.")]
    public void A_malformed_header_is_refused_with_the_place(string header, string sentence) =>
        Assert.Equal("model.safetensors: " + sentence, RefusalOf(header, 8));

    [Fact]
    public void A_name_out_of_a_file_is_cut_and_cleaned_in_messages()
    {
        var message = RefusalOf($$$"""{"\u001b[31m{{{new string('n', 5000)}}}":5}""", 0);
        Assert.StartsWith("model.safetensors: tensor '?[31mnnn", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 100, 250);
    }

    [Theory]
    [InlineData("model.bin", "version https://git-lfs.github.com/spec/v1", "is a Git LFS pointer, not the file itself; fetch it with git lfs pull.")]
    [InlineData(
        "model.safetensors", "version https://git-lfs.github.com/spec/v1", "is a Git LFS pointer, not the file itself; fetch it with git lfs pull.")]
    [InlineData("model.bin", "<html>", "is neither a safetensors file nor a PyTorch checkpoint nor a GGUF file.")]
    [InlineData("model.bin", "", "is neither a safetensors file nor a PyTorch checkpoint nor a GGUF file.")]
    public void Something_else_is_recognised_as_such(string name, string content, string sentence) =>
        Assert.Equal($"{name}: {sentence}", RefusalOf(System.Text.Encoding.ASCII.GetBytes(content), name));

    [Fact]
    public void A_refused_file_is_closed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(Name), From(X + "}", 7));
        Assert.Throws<WeightFileException>(() => Checkpoint.Open(folder.Path));
        using var exclusive = new FileStream(folder.File(Name), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }
}
