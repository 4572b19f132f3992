using System.Text.Json.Nodes;
using Augur.Catalogs;
using Augur.Conditioning.Text;
using Augur.Extensions.AI;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tests.Weights;
using Microsoft.Extensions.AI;

namespace Augur.Tests.Llada;

/// <summary>What a chat makes of its options and messages, and where the form of a conversation is read.</summary>
public sealed class ChatTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });
    private readonly WriterFolder _folder = new();
    private readonly DiffusionModel _model;

    public ChatTests() => _model = ModelCatalog.Load(_folder.Path, _backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_answer_is_what_the_command_line_writes_behind_the_same_words()
    {
        using IChatClient client = new AugurChatClient(_model);
        var answer = await client.GetResponseAsync("Hi", new() { MaxOutputTokens = 24 });
        var prompt = _model.Chat!.Write([new("user", "Hi")]);
        var request = new WritingDescription { Length = 24 }.Requests(_model, [prompt])[0];
        Assert.Equal("llada(block=12)", request.Sampler!.Name);
        var result = (GenerationResult)answer.RawRepresentation!;
        Assert.Equal(request.Sampler.Name, result.Report.Sampler);
        Assert.Equal((await new GenerationPipeline(_model).GenerateAsync(request)).Latent, result.Latent);
        var drawn = await client.GetResponseAsync("Hi", new() { MaxOutputTokens = 24, Temperature = 0.5f });
        Assert.Equal("llada(block=12,temperature=0.5)", ((GenerationResult)drawn.RawRepresentation!).Report.Sampler);
    }

    [Theory]
    [InlineData(12, null, "llada")]
    [InlineData(16, null, "llada")]
    [InlineData(24, null, "llada(block=12)")]
    [InlineData(32, null, "llada(block=16)")]
    [InlineData(32, 4, "llada(block=16)")]
    [InlineData(40, 5, "llada(block=8)")]
    [InlineData(32, 3, "llada")]
    [InlineData(29, null, "llada")]
    public void A_text_is_written_in_the_longest_usual_blocks_that_divide_it_and_its_steps(int length, int? steps, string sampler) => Assert.Equal(
        sampler, new WritingDescription { Length = length, Steps = steps }.Requests(_model, ["Once"])[0].Sampler!.Name);

    [Fact]
    public async Task A_message_of_the_system_is_refused_where_its_mark_is_no_token()
    {
        using IChatClient client = new AugurChatClient(_model);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync("Hi", new() { Instructions = "Be brief." }));
        Assert.StartsWith("This model reads no message of the system: <|system|>, which would begin it, is no token.", error.Message);
    }

    [Fact]
    public void A_template_in_a_file_of_its_own_counts_before_the_configuration()
    {
        File.WriteAllText(_folder.File("chat_template.jinja"), "{{'<|im_start|>' + message['role']}}");
        Assert.Equal("ChatML", ChatFormat.Find(_folder.Path)!.Name);
        File.WriteAllText(_folder.File("chat_template.jinja"), "[INST]");
        var error = Assert.Throws<WeightFileException>(() => ChatFormat.Find(_folder.Path));
        Assert.StartsWith(_folder.File("chat_template.jinja") + ": is of a form that is not built", error.Message);
    }

    [Fact]
    public void Of_templates_with_names_the_default_is_read()
    {
        _folder.Put("tokenizer_config.json", Named("tool_use", "default"));
        Assert.Equal("plain", ChatFormat.Find(_folder.Path)!.Name);
        _folder.Put("tokenizer_config.json", Named("tool_use", "rag"));
        Assert.Contains("none of them is default", Assert.Throws<WeightFileException>(() => ChatFormat.Find(_folder.Path)).Message);

        static JsonObject Named(string first, string second) => new()
        {
            ["chat_template"] = new JsonArray(
                new JsonObject { ["name"] = first, ["template"] = "[INST]" }, new JsonObject { ["name"] = second, ["template"] = "<|user|>" }),
        };
    }

    [Fact]
    public async Task A_template_goes_with_the_model_that_is_converted()
    {
        using var target = new TemporaryFolder();
        File.WriteAllText(_folder.File("chat_template.jinja"), "<|user|>");
        Assert.Equal(0, (await CommandLine.Run("convert", _folder.Path, "--type", "f16", "--out", target.File("model.gguf"))).Code);
        Assert.Equal("<|user|>", File.ReadAllText(target.File("chat_template.jinja")));
    }

    [Fact]
    public async Task An_answer_without_tokens_is_refused()
    {
        using IChatClient client = new AugurChatClient(_model);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync("Hi", new() { MaxOutputTokens = 0 }));
        Assert.StartsWith("MaxOutputTokens is 0; an answer has 1 token at least.", error.Message);
    }

    public static TheoryData<string, ChatOptions> NotBuilt => new()
    {
        { "TopP", new() { TopP = 0.9f } },
        { "TopK", new() { TopK = 5 } },
        { "FrequencyPenalty", new() { FrequencyPenalty = 1 } },
        { "PresencePenalty", new() { PresencePenalty = 1 } },
        { "ResponseFormat", new() { ResponseFormat = ChatResponseFormat.Json } },
    };

    [Theory]
    [MemberData(nameof(NotBuilt), DisableDiscoveryEnumeration = true)]
    public async Task What_is_not_built_is_refused_by_its_name(string name, ChatOptions options)
    {
        using IChatClient client = new AugurChatClient(_model);
        options.MaxOutputTokens = 4;
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync("Hi", options));
        Assert.Equal($"{name} is not built for the sampler llada; leave it out.", error.Message);
    }

    [Fact]
    public async Task A_temperature_beside_a_sampler_that_is_named_is_refused()
    {
        using IChatClient client = new AugurChatClient(_model);
        var options = new ChatOptions { MaxOutputTokens = 4, Temperature = 1, AdditionalProperties = new() { ["sampler"] = "llada(block=2)" } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync("Hi", options));
        Assert.StartsWith("Temperature is a setting of the sampler \"llada(block=2)\", which was named; put it there.", error.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 4)]
    public async Task An_answer_ends_before_a_word_that_stops_it_also_as_a_stream(int at, int length)
    {
        using IChatClient client = new AugurChatClient(_model);
        var whole = await client.GetResponseAsync("Hi", new() { MaxOutputTokens = 12 });
        var stop = whole.Text.Substring(at, length);
        var options = new ChatOptions { MaxOutputTokens = 12, StopSequences = ["<never>", stop] };
        var answer = await client.GetResponseAsync("Hi", options);
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        var pieces = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync("Hi", options))
        {
            pieces.Add(update);
        }

        Assert.Equal(answer.Text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.Equal(ChatFinishReason.Stop, pieces[^1].FinishReason);
    }
}
