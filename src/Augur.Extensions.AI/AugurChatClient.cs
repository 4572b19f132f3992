using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Microsoft.Extensions.AI;

namespace Augur.Extensions.AI;

/// <summary>
/// A masked diffusion language model as a chat client. Requests in flight share network calls, join and leave between them. Tokens of such a model
/// are
/// decided on in any order; a stream hands out each stretch of the text once all before it is decided on.
/// </summary>
public sealed class AugurChatClient : IChatClient
{
    private readonly DiffusionModel _model;
    private readonly GenerationEngine _engine;

    /// <summary>Opens a client.</summary>
    /// <param name="model">Writes; the caller disposes it after the client.</param>
    /// <param name="options">Bounds; null: the defaults.</param>
    /// <exception cref="ArgumentException">The model draws, or was trained on no conversations.</exception>
    public AugurChatClient(DiffusionModel model, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Writes || model.Chat is null)
        {
            var what = model.Writes ? "has no chat template" : "draws";
            throw new ArgumentException($"{model.Denoiser.Name} {what}; a chat needs a model that answers.", nameof(model));
        }

        (_model, _engine) = (model, new GenerationEngine(model, options));
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = RequestFor(messages, options);
        var ticket = await _engine.SubmitAsync(request, cancellationToken).ConfigureAwait(false);
        var result = await ticket.Result.ConfigureAwait(false);
        var stops = new StopSequences(options?.StopSequences);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, stops.Cut(TextOf(result))))
        {
            ModelId = _model.Denoiser.Name,
            FinishReason = Finish(result, stops),
            Usage = UsageOf(request, result),
            RawRepresentation = result,
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = RequestFor(messages, options) with { Previews = true };
        var ticket = await _engine.SubmitAsync(request, cancellationToken).ConfigureAwait(false);
        var stops = new StopSequences(options?.StopSequences);
        var told = 0; // characters handed out
        try
        {
            await foreach (var step in ticket.ReadEventsAsync(cancellationToken).ConfigureAwait(false))
            {
                var known = stops.Settled(Decided(step.Preview as WrittenText));
                if (known.Length > told)
                {
                    yield return Update(known[told..]);
                    told = known.Length;
                }
            }
        }
        finally
        {
            ticket.Cancel(); // whoever stops listening wants no more; of no account once the result is there
        }

        var result = await ticket.Result.ConfigureAwait(false);
        var text = stops.Cut(TextOf(result));
        yield return new ChatResponseUpdate(ChatRole.Assistant, text.Length > told ? text[told..] : "")
        {
            ModelId = _model.Denoiser.Name,
            FinishReason = Finish(result, stops),
            RawRepresentation = result,
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("augur", defaultModelId: _model.Denoiser.Name)
            : serviceType == typeof(GenerationEngine) ? _engine
            : serviceType == typeof(DiffusionModel) ? _model
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Stops what is in flight; the model is the caller's.</summary>
    public void Dispose() => _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private GenerationRequest RequestFor(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var turns = messages.Select(m => new ChatTurn(m.Role.Value, m.Text)).ToList();
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            turns.Insert(0, new("system", instructions));
        }

        var length = options?.MaxOutputTokens ?? _model.Denoiser.LatentShape[0];
        if (length < 1)
        {
            throw new ArgumentException($"MaxOutputTokens is {length}; an answer has 1 token at least.", nameof(options));
        }

        var more = options?.AdditionalProperties;
        if (options is not null)
        {
            OptionsCheck.Require(options, _model.Defaults.Sampler, Word("sampler"));
        }

        var steps = (int)(Number("steps", "num_inference_steps") ?? Math.Min(length, 1000));
        return _model.Request(_model.Chat!.Write(turns), options?.Seed ?? 0) with
        {
            LatentShape = [length],
            Steps = steps,
            Sampler = Word("sampler") is { } sampler ? TokenSamplers.Parse(sampler)
                : SamplerOf(options) is var own && own is LladaSampler llada ? llada.InBlocks(length, steps) : own,
            Guidance = new Guidance(Number("guidance_scale", "guidanceScale") ?? _model.Defaults.Guidance.Scale),
            Cache = Word("policy") is { } policy ? PolicyCatalog.Parse(policy) : null,
        };

        string? Word(string name) => more is not null && more.TryGetValue(name, out var value) ? value?.ToString() : null;

        double? Number(string name, string other) => (Word(name) ?? Word(other)) is { } text
            ? double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
                : throw new ArgumentException($"{name} is \"{text}\", which is no number.")
            : null;
    }

    // Temperature, top-p and top-k as far as the model's sampler has them.
    private ISampler SamplerOf(ChatOptions? options) => (_model.Defaults.Sampler, options) switch
    {
        (var own, null) => own,
        (LladaSampler llada, { Temperature: { } temperature }) => new LladaSampler(llada.Options with { Temperature = temperature }),
        (DreamSampler dream, _) => new DreamSampler(dream.Options with
        {
            Temperature = options.Temperature ?? dream.Options.Temperature,
            TopP = options.TopP ?? dream.Options.TopP,
            TopK = options.TopK ?? dream.Options.TopK,
        }),
        var (own, _) => own,
    };

    // The text up to the first token that is not decided on; a character whose bytes are not all there waits.
    private static string Decided(WrittenText? text)
    {
        var known = new StringBuilder();
        foreach (var token in text?.Tokens ?? [])
        {
            if (token is null || token.Contains('\uFFFD', StringComparison.Ordinal))
            {
                break;
            }

            known.Append(token);
        }

        return known.ToString();
    }

    private ChatResponseUpdate Update(string text) => new(ChatRole.Assistant, text) { ModelId = _model.Denoiser.Name };

    private static string TextOf(GenerationResult result) => ((WrittenText)result.Output).Text;

    private static ChatFinishReason Finish(GenerationResult result, StopSequences stops) =>
        ((WrittenText)result.Output).Tokens.Length < result.Latent.Length || stops.End(TextOf(result)) ? ChatFinishReason.Stop
            : ChatFinishReason.Length;

    private UsageDetails UsageOf(GenerationRequest request, GenerationResult result)
    {
        var given = _model.Tokenizer?.Encode(((PromptCondition)request.Condition).Text).Length;
        return new() { InputTokenCount = given, OutputTokenCount = result.Latent.Length, TotalTokenCount = given + result.Latent.Length };
    }
}
