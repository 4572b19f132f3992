using Augur.Tensors;

namespace Augur.Conditioning.Text;

/// <summary>Cosines and sines of the places of tokens: [tokens, pairs], or [rows, tokens, pairs] where rows differ.</summary>
internal readonly record struct DecoderRotation(Tensor Cosines, Tensor Sines);

/// <summary>
/// A layer of a decoder of Llama's kind: attention, then a gated feed-forward part, each of the normalised stream. What is written causally and what
/// is
/// written in any order share it; norms of heads are null where there are none.
/// </summary>
internal sealed record DecoderLayer(
    DecoderConfig Config,
    RotaryPairs Pairs,
    Tensor AttentionNorm,
    PackedLinear Query,
    PackedLinear Key,
    PackedLinear Value,
    PackedLinear Output,
    Tensor? QueryNorm,
    Tensor? KeyNorm,
    Tensor MlpNorm,
    PackedLinear Gate,
    PackedLinear Up,
    PackedLinear Down)
{
    public IEnumerable<IDisposable?> Parts => [AttentionNorm, Query, Key, Value, Output, QueryNorm, KeyNorm, MlpNorm, Gate, Up, Down];

    /// <summary>What attention reads of the stream [rows, tokens, channels].</summary>
    public Tensor ForAttention(Tensor x) => x.RmsNorm(AttentionNorm, Config.NormEpsilon);

    /// <summary>Queries of normalised tokens, turned to their places.</summary>
    /// <param name="h">[rows, tokens, channels].</param>
    /// <param name="places">Of these tokens.</param>
    /// <param name="show">Sees intermediate results by the names of the replay; null: nobody.</param>
    public Tensor Queries(Tensor h, DecoderRotation places, Action<string, Tensor>? show = null) =>
        Turned(h.Linear(Query), QueryNorm, Config.Heads, places, "q", show);

    /// <summary>Keys of normalised tokens, turned to their places.</summary>
    /// <inheritdoc cref="Queries"/>
    public Tensor Keys(Tensor h, DecoderRotation places, Action<string, Tensor>? show = null) =>
        Turned(h.Linear(Key), KeyNorm, Config.KeyHeads, places, "k", show);

    /// <summary>Values of normalised tokens.</summary>
    public Tensor Values(Tensor h) => h.Linear(Value);

    /// <summary>What queries read of keys and values, before the map to the stream.</summary>
    /// <param name="q">[rows, queries, channels].</param>
    /// <param name="k">Of all tokens.</param>
    /// <param name="v">Of all tokens.</param>
    /// <param name="counts">Tokens of each row that are there; null: all.</param>
    /// <param name="isCausal">Whether a token sees those before it only.</param>
    public Tensor Attend(Tensor q, Tensor k, Tensor v, IndexTable? counts, bool isCausal) =>
        q.AttendTo(k, v, Config.Heads, new AttentionOptions(Config.KeyHeads, counts, IsCausal: isCausal));

    /// <summary>What the feed-forward part reads of the stream.</summary>
    public Tensor ForMlp(Tensor x) => x.RmsNorm(MlpNorm, Config.NormEpsilon);

    /// <summary>The feed-forward part of normalised tokens, before its last map.</summary>
    public Tensor Middle(Tensor h) => h.Linear(Up).TimesActivated(h.Linear(Gate), Activation.Silu);

    private Tensor Turned(Tensor x, Tensor? norm, int heads, DecoderRotation places, string name, Action<string, Tensor>? show)
    {
        show?.Invoke($"{name}_proj.out", x);
        if (norm is not null)
        {
            x = x.RmsNorm(norm, Config.NormEpsilon, heads);
            show?.Invoke($"{name}_norm.out", x);
        }

        x = x.Rotate(places.Cosines, places.Sines, Pairs, heads);
        show?.Invoke($"{name}_rot", x);
        return x;
    }
}
