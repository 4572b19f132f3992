namespace Augur.Conditioning;

/// <summary>
/// What networks that draw texts share: a condition is a prompt, where their encoders are loaded, or a text that was encoded elsewhere; guidance
/// compares it with the negative prompt, or with the empty one.
/// </summary>
/// <param name="network">Name, for messages.</param>
/// <param name="channels">Of a token of text.</param>
/// <param name="pooledChannels">Of the vector of the whole text; 0: none is read.</param>
/// <param name="encoder">Makes embeddings of prompts, disposed with this; null: only embeddings are read.</param>
/// <param name="referenceChannels">Channels of latents that a text may refer to; 0: it refers to none.</param>
internal sealed class PromptReader(string network, int channels, int pooledChannels, IPromptEncoder? encoder, int referenceChannels = 0) : IDisposable
{
    /// <summary>Bytes of the encoders' weights.</summary>
    public long ByteCount => encoder?.ByteCount ?? 0;

    /// <summary>The condition, checked: a prompt or an embedding of the network's sizes.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public Condition Check(Condition condition) => condition switch
    {
        PromptCondition when encoder is not null => condition,
        PromptEmbedding text when text.Channels == channels && text.Pooled.Length == pooledChannels => text,
        PromptEmbedding text => throw new ArgumentException(
            $"{network} reads texts of {channels} channels and a pooled vector of {pooledChannels}, not of {text.Channels} and {text.Pooled.Length}.",
            nameof(condition)),
        EditCondition edit when referenceChannels > 0 && edit.Text is not EditCondition => Check(edit),
        PromptCondition => throw new ArgumentException(
            $"{network} was loaded without its text encoders; it reads texts that were encoded elsewhere (PromptEmbedding), not {condition}.",
            nameof(condition)),
        _ => throw new ArgumentException($"{network} draws prompts, not {condition}.", nameof(condition)),
    };

    /// <summary>One row, for networks that compare with no other text.</summary>
    /// <exception cref="ArgumentException">There is a negative prompt, which such a network cannot follow.</exception>
    public GuidedRows Single(Condition condition, float? embedded = null) => TextOf(Check(condition)) is PromptCondition { Negative: not null }
        ? throw new ArgumentException($"{network} follows no negative prompt: its guidance compares with no other text.", nameof(condition))
        : GuidedRows.Single(condition, embedded);

    /// <summary>Two rows under guidance: the condition, and the negative prompt or the empty one.</summary>
    public GuidedRows Pair(Condition condition, Guidance guidance)
    {
        if (Check(condition) is EditCondition edit)
        {
            var texts = Pair(edit.Text, guidance);
            return texts with { Conditions = [.. texts.Conditions.Select(text => edit with { Text = text })] };
        }

        return GuidedRows.Pair(
            condition is PromptCondition { Negative: not null } prompt ? prompt with { Negative = null } : condition,
            guidance.NeedsUnconditional ? Without(condition) : condition,
            guidance);
    }

    /// <summary>The embeddings of conditions; prompts are encoded together.</summary>
    public IReadOnlyList<PromptEmbedding> Read(IReadOnlyList<Condition> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        Condition[] texts = [.. conditions.Select(Check).Select(TextOf)];
        string[] prompts = [.. texts.OfType<PromptCondition>().Select(prompt => prompt.Text)];
        var encoded = new Queue<PromptEmbedding>(prompts.Length == 0 ? [] : encoder!.Encode(prompts));
        return [.. texts.Select(text => text as PromptEmbedding ?? encoded.Dequeue())];
    }

    /// <inheritdoc/>
    public void Dispose() => encoder?.Dispose();

    private static Condition TextOf(Condition condition) => condition is EditCondition edit ? edit.Text : condition;

    private EditCondition Check(EditCondition edit)
    {
        Check(edit.Text);
        var wrong = edit.References.IsDefaultOrEmpty ? null : edit.References.FirstOrDefault(r => r.Shape[0] != referenceChannels);
        return edit.References.IsDefaultOrEmpty || wrong is not null
            ? throw new ArgumentException(
                $"{network} refers to latents of {referenceChannels} channels, not to {(wrong is null ? "none" : wrong.Shape)}.", nameof(edit))
            : edit;
    }

    private Condition Without(Condition condition) => condition switch
    {
        PromptCondition prompt => new PromptCondition(prompt.Negative ?? string.Empty),
        PromptEmbedding { Negative: { } negative } => Check(negative),
        _ => throw new ArgumentException(
            $"{network}: guidance compares {condition} with another text; give it in the embedding's Negative, or guidance 1.", nameof(condition)),
    };
}
