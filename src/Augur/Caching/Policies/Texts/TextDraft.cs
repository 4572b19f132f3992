using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// Forecasts, where a text's method would reuse, what attention and feed-forward parts give for tokens of the response: TaylorSeer's rule (arXiv
/// 2503.06923) or any other, taught by the refreshes of the response. For one sample.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="onlySteady">
/// Whether only tokens are forecast whose text has not changed since the refresh before the last: where one was decided on meanwhile, its features
/// have jumped, and a slope through the jump leads nowhere. The others are reused.
/// </param>
/// <param name="run">Sizes.</param>
internal sealed class TextDraft(IForecaster rule, bool onlySteady, RunInfo run) : IDisposable
{
    private readonly Dictionary<Site, IFeatureMemory> _memories = []; // of the response, [rows, response, channels]
    private readonly Dictionary<Site, Forecast> _forecasts = []; // of this call
    private readonly TokenSpan _response = TextMemory.Response(run.Map);
    private readonly KeptTensor _text = new(); // embedded tokens at the last refresh
    private bool[] _steady = []; // tokens that were the same at the last two refreshes
    private int[] _stable = []; // of those the ones that are the same in this call
    private int _call;

    public long ByteCount => _memories.Values.Sum(memory => memory.ByteCount) + _text.ByteCount;

    /// <summary>Numbers that it keeps of a layer, for the budget.</summary>
    /// <param name="channels">Of the stream.</param>
    public long ElementsOfLayer(int channels) => 2L * rule.TermCount * _response.Count * channels;

    /// <summary>A call begins.</summary>
    public void Begin(NetworkCall call)
    {
        _call = call.CallIndex;
        _forecasts.Clear();
    }

    /// <summary>Sees the embedded tokens, before any layer.</summary>
    /// <param name="stream">[rows, tokens, channels].</param>
    /// <param name="isRefresh">Whether the whole response is computed in this call.</param>
    public void See(Tensor stream, bool isRefresh)
    {
        using var scope = TensorScope.Begin();
        var text = stream.Slice(1, _response.First, _response.Count);
        bool[] same = [.. Enumerable.Repeat(!onlySteady, _response.Count)];
        if (onlySteady && _text.IsKnown)
        {
            var rows = text.TokenErrorsFrom(_text.Value, ErrorMeasure.L1).Chunk(_response.Count).ToArray();
            same = [.. Enumerable.Range(0, _response.Count).Select(token => Array.TrueForAll(rows, row => row[token] == 0))];
        }

        if (isRefresh)
        {
            (_steady, _stable) = (same, []);
            _text.Keep(text);
            return;
        }

        _stable = [.. Enumerable.Range(0, same.Length).Where(i => _steady[i] && same[i])];
    }

    /// <summary>Learns a feature of a refresh.</summary>
    /// <param name="site">Attention's or the feed-forward part's.</param>
    /// <param name="feature">[rows, tokens, channels].</param>
    public void Observe(Site site, Tensor feature)
    {
        using var scope = TensorScope.Begin();
        if (!_memories.TryGetValue(site, out var memory))
        {
            _memories[site] = memory = rule.Remember(rule.TermCount, DType.Float32);
        }

        memory.Observe(feature.Slice(1, _response.First, _response.Count), _call, forgets: false);
    }

    /// <summary>Writes the forecast of this call over what is kept of the tokens that stand still.</summary>
    /// <param name="site">Where.</param>
    /// <param name="kept">[rows, tokens, channels].</param>
    /// <returns>FLOPs of it.</returns>
    public long WriteOver(Site site, Tensor kept)
    {
        var forecast = _forecasts[site] = _memories[site].Forecast(_call); // its terms may be asked for until the call ends
        using var scope = TensorScope.Begin();
        if (_stable.Length == 0)
        {
            return 0;
        }

        var formed = Tensor.Empty(kept.Backend, kept.Shape.With(1, _response.Count));
        forecast.WriteTo(formed);
        kept.ScatterTokensInPlace(
            Table(kept, [.. _stable.Select(token => token + _response.First)]), formed.GatherTokens(Table(kept, _stable)));
        return forecast.Flops;
    }

    /// <summary>Tokens were computed between refreshes: later forecasts go on from there, along the slope that was known.</summary>
    /// <param name="site">Where.</param>
    /// <param name="tokens">Of each row, positions within the response.</param>
    /// <param name="fresh">Their features, [rows, k, channels].</param>
    public void Correct(Site site, int[][] tokens, Tensor fresh)
    {
        using var scope = TensorScope.Begin();
        var table = IndexTable.From(fresh.Backend, [.. tokens.SelectMany(t => t)], [tokens.Length, tokens[0].Length]);
        var newest = _memories[site].Newest;
        newest.ScatterTokensInPlace(table, _forecasts[site].TermThatGives(fresh, newest, table));
    }

    public void Dispose()
    {
        _text.Dispose();
        foreach (var memory in _memories.Values)
        {
            memory.Dispose();
        }

        _memories.Clear();
    }

    private IndexTable Table(Tensor of, int[] tokens) =>
        IndexTable.From(of.Backend, [.. Enumerable.Repeat(tokens, run.RowCount).SelectMany(t => t)], [run.RowCount, tokens.Length]);
}
