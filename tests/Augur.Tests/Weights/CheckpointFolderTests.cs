using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class CheckpointFolderTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_are_read_as_one_checkpoint()
    {
        Write("model-1.safetensors", "a", "b");
        Write("model-2.safetensors", "c");
        WriteIndex("""
            {"metadata":{"total_size":12,"by":"test"},
             "weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors","c":"model-2.safetensors"}}
            """);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal("safetensors (2 shards)", checkpoint.Format);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal("12", checkpoint.Metadata["total_size"]);
        Assert.Equal("test", checkpoint.Metadata["by"]);
        Assert.Equal([1f], checkpoint.Tensors["c"].ToSingles());
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        Write("model-1.safetensors", "a");
        WriteIndex("""{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}""");
        Assert.Equal($"{_folder.File(Index)}: the file 'model-2.safetensors' that it names is missing.", Refusal());
    }

    [Fact]
    public void A_shard_without_its_tensor_or_with_one_too_many_is_named()
    {
        Write("model-1.safetensors", "a");
        WriteIndex("""{"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}""");
        Assert.Equal("model-1.safetensors: tensor 'b' is missing, although the index places it here.", Refusal());
        Write("model-1.safetensors", "a", "b", "c");
        Assert.Equal("model-1.safetensors: tensor 'c' is not in the index.", Refusal());
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("sub/model.safetensors")]
    [InlineData("..\\\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("passwd")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        WriteIndex($$$"""{"weight_map":{"a":"{{{shard}}}"}}""");
        Assert.EndsWith(", which is not the plain name of a weight file beside the index.", Refusal(), StringComparison.Ordinal);
        Assert.StartsWith($"{_folder.File(Index)}: weight_map.a is ", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"x.safetensors"}}""", "is not valid JSON (")]
    [InlineData("""{"weight_map":{"a":1}}""", "weight_map.a is 1, not a text.")]
    [InlineData("""{"weight_map":{}}""", "the file has no weight_map, or an empty one.")]
    [InlineData("""{"weight_map":null}""", "the file has no weight_map, or an empty one.")]
    [InlineData("""{"weight_map":[]}""", "weight_map is a list, not an object with fields.")]
    [InlineData("[]", "the file is a list, not an object with fields.")]
    [InlineData("{", "is not valid JSON (line 1, byte 2: ")]
    [InlineData("", "is not valid JSON (line 1, byte 1: ")]
    public void A_malformed_index_is_refused(string index, string sentence)
    {
        WriteIndex(index);
        Assert.StartsWith($"{_folder.File(Index)}: {sentence}", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_usual_name_goes_before_others()
    {
        Write("forward.safetensors", "x");
        Write("weights.safetensors", "w");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
        Assert.EndsWith("weights.safetensors", checkpoint.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.fp16.safetensors", "model.non_ema.safetensors", "model.safetensors")]
    [InlineData("model.bin", "model.fp16.safetensors", "model.bin")]
    [InlineData("model.bin", "model.safetensors", "model.safetensors")]
    [InlineData("optimizer.bin", "pytorch_model.bin", "pytorch_model.bin")]
    [InlineData("a.safetensors", "model.fp16.bin", "model.fp16.bin")]
    public void Of_several_files_the_usual_one_without_a_variant_is_taken(params string[] files)
    {
        foreach (var file in files)
        {
            Write(file, "x");
        }

        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(files[^1], Path.GetFileName(checkpoint.Path));
    }

    [Fact]
    public void Two_variants_are_not_chosen_between()
    {
        Write("model.fp16.safetensors", "x");
        Write("model.bf16.safetensors", "x");
        Assert.Equal($"{_folder.Path}: the folder holds several weight files (model.bf16.safetensors, model.fp16.safetensors); name one.", Refusal());
    }

    [Fact]
    public void Several_candidates_are_listed()
    {
        Write("a.safetensors", "x");
        Write("b.safetensors", "x");
        Assert.Equal($"{_folder.Path}: the folder holds several weight files (a.safetensors, b.safetensors); name one.", Refusal());
    }

    [Fact]
    public void An_empty_folder_and_a_missing_file_are_named()
    {
        Assert.Contains("the folder holds no weight file", Refusal(), StringComparison.Ordinal);
        var missing = _folder.File("none.safetensors");
        Assert.Equal($"{missing}: there is no such file or folder.", Assert.Throws<WeightFileException>(() => Checkpoint.Open(missing)).Message);
    }

    private void Write(string name, params string[] tensors)
    {
        var writer = new SafetensorsWriter();
        foreach (var tensor in tensors)
        {
            writer.Add(tensor, [1f], [1]);
        }

        writer.Save(_folder.File(name));
    }

    private void WriteIndex(string json) => File.WriteAllText(_folder.File(Index), json);

    private string Refusal() => Assert.Throws<WeightFileException>(() => Checkpoint.Open(_folder.Path)).Message;
}
