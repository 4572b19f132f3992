using System.Text.Json;
using System.Text.Json.Nodes;
using Augur.Catalogs;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Extensions.AI;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tuning;
using Microsoft.Extensions.AI;

namespace Augur.Tests.Llada;

/// <summary>Models that write, from their files to the command line and to a chat.</summary>
public sealed class WriterTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("llada")]
    [InlineData("dream")]
    public async Task A_folder_its_shards_and_a_gguf_file_give_the_same_text(string name)
    {
        var texts = new List<float[]>();
        foreach (var layout in new[] { "folder", "shards", "gguf" })
        {
            using var folder = new WriterFolder(name);
            var path = folder.Path;
            if (layout == "shards")
            {
                folder.Shard();
            }
            else if (layout == "gguf")
            {
                path = folder.Gguf();
            }

            using var model = ModelCatalog.Load(path, _backend);
            Assert.True(model.Writes);
            Assert.Equal((32, 32), (model.Denoiser.LatentShape[0], model.Defaults.Steps));
            var result = await new GenerationPipeline(model).GenerateAsync(model.Request("Once upon a time"));
            Assert.Equal(model.Tokenizer!.Decode(result.Latent.TakeWhile(t => t != 62).Select(t => (int)t), withSpecial: false), TextOf(result));
            texts.Add(result.Latent);
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[2]);
    }

    [Fact]
    public void A_folder_is_described_with_what_it_needs()
    {
        using var folder = new WriterFolder("dream");
        var found = ModelInspection.Inspect(folder.Path);
        Assert.Equal("Dream, a masked diffusion language model", found.Architecture);
        Assert.Equal("3 of width 56 with 14 heads over 2 of keys, feed-forward 96", found.Sizes["layers"]);
        Assert.Equal("for the token behind each place", found.Sizes["answers"]);
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
    }

    [Theory]
    [InlineData("mask_token_id", 64, "mask_token_id is 64; there are 64 tokens.")]
    [InlineData("n_layers", 4, "n_layers is 4, but the weights have 3.")]
    [InlineData("n_heads", 0, "n_heads is 0; there is one head at least.")]
    [InlineData("activation_type", "gelu", "activation_type is 'gelu'; silu is built.")]
    [InlineData("max_sequence_length", 1, "a longest text of 1 tokens; 2 to 1048576 are possible.")]
    public void A_configuration_that_does_not_fit_is_refused_by_field_and_value(string field, object value, string sentence)
    {
        using var folder = new WriterFolder();
        var config = folder.Config();
        config[field] = value is int number ? JsonValue.Create(number) : JsonValue.Create((string)value);
        folder.Put("config.json", config);
        Assert.Contains(sentence, Assert.Throws<WeightFileException>(() => ModelCatalog.Load(folder.Path, _backend)).Message);
    }

    [Fact]
    public void A_model_without_its_tokenizer_says_what_to_give()
    {
        using var folder = new WriterFolder();
        File.Delete(folder.File("tokenizer.json"));
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.Load(folder.Path, _backend));
        Assert.EndsWith(
            "this model writes texts; give its tokenizer (tokenizer.json, or vocab.json with merges.txt, of the model's folder) with --tokenizer.",
            error.Message);
    }

    [Theory]
    [InlineData("{{'<|start_header_id|>' + message['role']}} {{bos_token}}",
        "<|startoftext|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("{{'<|im_start|>' + message['role']}}", "<|im_start|>user\n Hi<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("{{'<|user|>' + content}}", "<|user|> Hi<|assistant|>")]
    public void A_conversation_is_written_as_the_model_was_trained(string template, string expected)
    {
        using var folder = new WriterFolder();
        folder.Put("tokenizer_config.json", new JsonObject { ["chat_template"] = template });
        Assert.Equal(expected, ChatFormat.Find(folder.Path)!.Write([new("user", " Hi")]));
    }

    [Fact]
    public void What_a_template_lets_the_system_say_is_said_where_no_message_of_it_comes_first()
    {
        using var folder = new WriterFolder();
        folder.Put("tokenizer_config.json", new JsonObject
        {
            ["chat_template"] = @"{%- if messages[0]['role'] == 'system' %}{{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}"
                + @"{%- else %}{{- '<|im_start|>system\nYou help.\nBe brief.<|im_end|>\n' }}{%- endif %}",
        });
        var format = ChatFormat.Find(folder.Path)!;
        Assert.Equal(
            "<|im_start|>system\nYou help.\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
            format.Write([new("user", "Hi")]));
        Assert.Equal(
            "<|im_start|>system\nSing.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
            format.Write([new("system", "Sing."), new("user", "Hi")]));
    }

    [Fact]
    public void A_chat_template_of_another_form_is_refused_and_none_is_none()
    {
        using var folder = new WriterFolder();
        folder.Put("tokenizer_config.json", new JsonObject { ["chat_template"] = "[INST]" });
        Assert.Contains("is of a form that is not built", Assert.Throws<WeightFileException>(() => ChatFormat.Find(folder.Path)).Message);
        folder.Put("tokenizer_config.json", new JsonObject());
        Assert.Null(ChatFormat.Find(folder.Path));
    }

    [Fact]
    public async Task The_command_writes_texts_alone_in_a_pipe_and_a_report_as_json()
    {
        using var folder = new WriterFolder();
        string[] asked = ["write", "Once upon", "--length", "12", "--policy", "dllm-cache(response=3)", "--model", folder.Path, "--threads", "1"];
        var (code, output, error) = await CommandLine.Run(asked);
        Assert.Equal(0, code);
        Assert.StartsWith("Once upon", output);
        Assert.Contains("1 x 12 tokens in ", error);
        Assert.Contains("dllm-cache(response=3): ", error);
        var (_, json, silence) = await CommandLine.Run([.. asked, "--json", "--count", "2"]);
        Assert.Empty(silence);
        using var report = JsonDocument.Parse(json);
        var texts = report.RootElement.GetProperty("texts").EnumerateArray().ToArray();
        Assert.Equal(2, texts.Length);
        Assert.Equal(output.TrimEnd('\n', '\r'), "Once upon" + texts[0].GetProperty("text").GetString());
        Assert.Equal(12, texts[1].GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task Ways_to_write_are_held_against_each_other_by_cost_and_by_what_they_write()
    {
        using var folder = new WriterFolder();
        var (code, json, _) = await CommandLine.Run(
            "write", "Once upon a time", "The cat", "--length", "12", "--model", folder.Path, "--threads", "1", "--json",
            "--compare", "dllm-cache(prompt=1,response=1); steps(4); llada(block=6) + block-cache");
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(json);
        var rows = report.RootElement.EnumerateArray().ToArray();
        Assert.Equal([12.0, 12, 4, 12], rows.Select(row => row.GetProperty("calls").GetDouble()));
        Assert.Equal([1.0, 1], rows.Take(2).Select(row => row.GetProperty("agreement").GetDouble()));
        Assert.Equal(rows[0].GetProperty("perplexity").GetDouble(), rows[1].GetProperty("perplexity").GetDouble());
        Assert.Equal(rows[0].GetProperty("flops").GetInt64(), 3 * rows[2].GetProperty("flops").GetInt64());
        Assert.True(rows[3].GetProperty("flops").GetInt64() < rows[0].GetProperty("flops").GetInt64());
    }

    [Fact]
    public async Task The_bound_of_a_text_does_not_depend_on_what_else_was_judged_and_is_least_for_what_the_model_would_write()
    {
        using var folder = new WriterFolder();
        using var model = ModelCatalog.Load(folder.Path, _backend);
        var request = model.Request("Once upon") with { LatentShape = [12], Steps = 12 };
        var result = await new GenerationPipeline(model).GenerateAsync(request);
        var bound = new MaskedBound(model.Denoiser);
        var own = bound.Of(request, result.Latent);
        Assert.Equal(own, bound.Of(request, result.Latent));
        Assert.True(own < bound.Of(request, [.. result.Latent.Select(t => (t + 17) % 60)]));
    }

    [Theory]
    [InlineData("--sampler", "llada(block=5)", "Sampler llada(block=5): blocks of 5 tokens do not divide a text of 12.")]
    [InlineData("--sampler", "euler", "euler")]
    [InlineData("--policy", "toca", "toca")]
    [InlineData("--length", "100", "reads 64 tokens at most")]
    [InlineData("--length", "0", "--length")]
    public async Task What_cannot_be_written_is_wrong_use_and_told_in_a_sentence(string option, string value, string sentence)
    {
        using var folder = new WriterFolder();
        string[] length = option == "--length" ? [] : ["--length", "12"];
        var (code, _, error) = await CommandLine.Run(["write", "Once", "--model", folder.Path, option, value, .. length]);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error);
    }

    [Fact]
    public async Task A_model_that_writes_does_not_draw_and_one_that_draws_does_not_write()
    {
        using var folder = new WriterFolder();
        var (code, _, error) = await CommandLine.Run("generate", "x", "--model", folder.Path);
        Assert.Equal((2, $"augur: {folder.Path}: this model writes texts; augur write does that."), (code, error.Trim()));
        (code, _, error) = await CommandLine.Run("write", "x", "--model", ModelCatalog.BuiltInPath);
        Assert.Equal((2, $"augur: {ModelCatalog.BuiltInPath}: this model draws pictures; augur generate does that."), (code, error.Trim()));
    }

    [Fact]
    public async Task A_chat_answers_in_one_piece_and_as_a_stream_of_the_same_text()
    {
        using var folder = new WriterFolder();
        using var model = ModelCatalog.Load(folder.Path, _backend);
        using IChatClient client = new AugurChatClient(model);
        ChatOptions options = new() { MaxOutputTokens = 12, AdditionalProperties = new() { ["policy"] = "dllm-cache(response=3)" } };
        var answer = await client.GetResponseAsync("Hi", options);
        var pieces = new List<string>();
        await foreach (var update in client.GetStreamingResponseAsync("Hi", options))
        {
            pieces.Add(update.Text);
        }

        Assert.Equal(answer.Text, string.Concat(pieces));
        Assert.True(pieces.Count > 1);
        Assert.Equal(12, answer.Usage!.OutputTokenCount);
        Assert.Equal("dllm-cache(response=3)", ((GenerationResult)answer.RawRepresentation!).Report.Policy);
        Assert.Equal("augur", client.GetService<ChatClientMetadata>()!.ProviderName);
    }

    [Fact]
    public async Task A_stream_that_is_left_ends_its_own_run_and_the_next_is_served()
    {
        using var folder = new WriterFolder();
        using var model = ModelCatalog.Load(folder.Path, _backend);
        using IChatClient client = new AugurChatClient(model);
        await foreach (var update in client.GetStreamingResponseAsync("Hi", new() { MaxOutputTokens = 32 }))
        {
            break;
        }

        Assert.NotEmpty((await client.GetResponseAsync("Hi", new() { MaxOutputTokens = 8 })).Messages);
    }

    [Fact]
    public void A_chat_with_a_model_that_draws_is_refused()
    {
        using var model = ModelCatalog.LoadBuiltIn(_backend);
        Assert.Contains("draws; a chat needs a model that answers", Assert.Throws<ArgumentException>(() => new AugurChatClient(model)).Message);
    }

    private static string TextOf(GenerationResult result) => ((WrittenText)result.Output).Text;
}
