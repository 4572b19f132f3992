using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// Keeps of every layer keys, values, and what attention and feed-forward part gave, token by token, and computes those of the tokens that a rule
/// says.
/// Shared by dLLM-Cache and the block caches of Fast-dLLM; for one sample.
/// </summary>
/// <param name="rule">What is due when.</param>
/// <param name="run">Sizes.</param>
/// <param name="layers">Layers of which anything is kept; the others are computed in full.</param>
/// <param name="note">What a budget cost.</param>
/// <param name="parts">What else it does.</param>
internal sealed class TextMemory(IRefreshRule rule, RunInfo run, TokenSpan layers, string? note, TextMemoryParts parts) : ISampleMemory
{
    private readonly Dictionary<Site, Tensor> _kept = []; // [rows, tokens, channels]
    private readonly TokenSpan _response = Response(run.Map);
    private readonly Random _draws = new(unchecked((int)run.Seed));
    private NetworkCall _call;
    private TokenRefresh _due;
    private int[] _always = [];
    private (int Layer, int[][] Rows) _chosen = (-1, []); // of the layer that is being run

    public long ByteCount => _kept.Values.Sum(kept => kept.ByteCount) + (parts.Draft?.ByteCount ?? 0);

    private bool IsResponseDue => _due.IsEverything || _due.Response == _response;

    public string? Note => note;

    /// <summary>Opens a memory that fits the budget: layers that do not are computed.</summary>
    /// <param name="policy">Its name.</param>
    /// <param name="rule">What is due when.</param>
    /// <param name="run">Sizes and budget.</param>
    /// <param name="firstLayer">The first layer of which anything is kept.</param>
    /// <param name="parts">What else it does.</param>
    /// <exception cref="ArgumentException">The network has no keys and values to keep.</exception>
    public static ISampleMemory Open(string policy, IRefreshRule rule, RunInfo run, int firstLayer, TextMemoryParts parts)
    {
        var depth = run.Map.BlockCount;
        if (!run.Map.Has(Site.Attended(0)) || !run.Map.Has(Site.Keys(0)) || !run.Map.Has(Site.Values(0)) || !run.Map.Has(Site.Mlp(0)))
        {
            throw new ArgumentException($"Policy {policy} keeps keys and values of a text, and this network offers none.");
        }

        if (run.MemoryBudget is not { } budget)
        {
            return new TextMemory(rule, run, new(firstLayer, depth - firstLayer), null, parts);
        }

        var elements = new[] { Site.Keys(0), Site.Values(0), Site.Attended(0), Site.Mlp(0) }.Sum(site => run.Map[site].Feature.ElementCount)
            + (parts.Draft?.ElementsOfLayer(run.Map.Stream[1]) ?? 0);
        var ofLayer = elements * run.RowCount * sizeof(float);
        var count = (int)Math.Min(depth - firstLayer, budget / ofLayer);
        var note = count == depth - firstLayer ? null
            : $"a budget of {budget} bytes left room for {count} of {depth - firstLayer} layers; the others are computed";
        return count == 0 ? new UncachedMemory(note) : new TextMemory(rule, run, new(firstLayer, count), note, parts);
    }

    /// <summary>The tokens that are written.</summary>
    public static TokenSpan Response(NetworkMap map) => SpanOf(map, TokenGroup.Image);

    /// <summary>The prompt's tokens; none where nothing is given.</summary>
    public static TokenSpan Prompt(NetworkMap map) => SpanOf(map, TokenGroup.Text);

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        _due = call.MustCompute ? _due.Unskipped : rule.At(call);
        (_always, _chosen) = (_due.Always, (-1, []));
        parts.Draft?.Begin(call);
        parts.Check?.Begin();
        return _due.IsEverything || call.MustCompute ? CallPlan.Compute : CallPlan.Draft;
    }

    public Answer Ask(Question question)
    {
        var site = question.Site;
        if (site == Site.Output)
        {
            parts.Draft?.See(question.Input, IsResponseDue);
            return Answer.Compute;
        }

        if (_due.Skipped is not null && site == Site.Block(layers.First + layers.Count - 1))
        {
            return parts.Check!.Verified(Answer.Compute, _call.CallIndex);
        }

        if (site.Layer < layers.First || site.Layer >= layers.First + layers.Count)
        {
            return Answer.Compute;
        }

        var isIdle = _always.Length == 0 && _due.Chosen == 0;
        return site.Kind switch
        {
            SiteKind.Keys or SiteKind.Values or SiteKind.Attended or SiteKind.Mlp when _due.IsEverything =>
                Answer.Compute.Observed((_, feature) => Keep(site, feature)),
            SiteKind.Attention when isIdle => Answer.Supply(Drafted(Site.Attended(site.Layer))),
            SiteKind.Mlp when isIdle => Answer.Supply(Drafted(site)),
            SiteKind.Values => Choosing(site, TokenChange.Values),
            SiteKind.Keys => Choosing(site, TokenChange.Keys),
            SiteKind.Attended or SiteKind.Mlp => Branch(site),
            _ => Answer.Compute,
        };
    }

    public CallOutcome End() => _due.Skipped is not null ? parts.Check!.Outcome()
        : new(_due.IsEverything ? CallKind.Computed : CallKind.Partial);

    public void Dispose()
    {
        parts.Draft?.Dispose();
        foreach (var kept in _kept.Values)
        {
            kept.Dispose();
        }

        _kept.Clear();
    }

    private static TokenSpan SpanOf(NetworkMap map, TokenGroup group) =>
        map.Tokens.FirstOrDefault(t => t.Group == group) is { } range ? new(range.First, range.Count) : default;

    // Keys and values: where they are what tokens are chosen by, those of the whole response are computed first.
    private Answer Choosing(Site site, TokenChange change)
    {
        var decides = _due.Chosen > 0 && rule.Change == change;
        var isValues = site.Kind == SiteKind.Values;
        if (!decides && !(_due.Chosen > 0 && isValues && rule.Change == TokenChange.Keys))
        {
            return Some(site, input => Table(input, Due(site.Layer)), Store(site));
        }

        // Values that keys will choose among are all computed: it is not known yet which will be needed.
        int[] looked = [.. _always.Union(_response.Tokens).Order()];
        return Some(site, input => Table(input, Alike(looked)), (at, fresh) =>
        {
            if (decides)
            {
                _chosen = (site.Layer, Choose(site, at, fresh));
                parts.Observe?.Invoke(_call.CallIndex, site.Layer, _chosen.Rows);
            }

            if (isValues && (rule.Keep == KeptValues.All || !decides))
            {
                _kept[site].ScatterTokensInPlace(at, fresh);
                return;
            }

            var stored = IndexTable.From(fresh.Backend, [.. Due(site.Layer).SelectMany(t => t)], [run.RowCount, Due(site.Layer)[0].Length]);
            var places = IndexTable.From(fresh.Backend, [.. stored.Indices.ToArray().Select(t => Array.IndexOf(looked, t))], stored.Shape);
            _kept[site].ScatterTokensInPlace(stored, fresh.GatherTokens(places));
        });
    }

    // What attention or a feed-forward part gives: what is not due is reused or forecast.
    private Answer Branch(Site site)
    {
        if (IsResponseDue || parts.Draft is not { } draft)
        {
            return Some(site, input => Table(input, Due(site.Layer)), (at, fresh) =>
            {
                _kept[site].ScatterTokensInPlace(at, fresh);
                parts.Draft?.Observe(site, _kept[site]); // the response was due
            });
        }

        var flops = draft.WriteOver(site, _kept[site]);
        return Answer.Tokens(
            input => Table(input, Due(site.Layer)),
            (at, fresh) =>
            {
                _kept[site].ScatterTokensInPlace(at, fresh);
                if (_due.Chosen > 0)
                {
                    var chosen = IndexTable.From(
                        fresh.Backend, [.. _chosen.Rows.SelectMany(t => t).Select(t => t + _response.First)], [run.RowCount, _due.Chosen]);
                    draft.Correct(site, _chosen.Rows, _kept[site].GatherTokens(chosen));
                }
            },
            () => Kept(site) with { FlopsBefore = flops });
    }

    private Forecast Drafted(Site site) => Kept(site) with { FlopsBefore = parts.Draft?.WriteOver(site, _kept[site]) ?? 0 };

    private Answer Some(Site site, Func<Tensor, IndexTable?> select, Action<IndexTable, Tensor> merge) =>
        Answer.Tokens(select, merge, () => Kept(site));

    private Action<IndexTable, Tensor> Store(Site site) => (at, fresh) => _kept[site].ScatterTokensInPlace(at, fresh);

    // Tokens of each row that are computed in a layer: those in any case and those chosen.
    private int[][] Due(int layer)
    {
        if (_due.Chosen > 0 && rule.Change == TokenChange.Random && _chosen.Layer != layer)
        {
            _chosen = (layer, [.. Enumerable.Range(0, run.RowCount).Select(_ => Drawn())]);
        }

        return _due.Chosen <= 0 || _chosen.Layer != layer ? Alike(_always)
            : Array.ConvertAll(_chosen.Rows, row => row.Select(t => t + _response.First).Concat(_always).Distinct().Order().ToArray());
    }

    private int[] Drawn()
    {
        int[] places = [.. Enumerable.Range(0, _response.Count)];
        _draws.Shuffle(places);
        return [.. places.Take(_due.Chosen).Order()];
    }

    private int[][] Alike(int[] tokens) => [.. Enumerable.Repeat(tokens, run.RowCount)];

    // The tokens of the response that have turned most, of each row; all of them where a change is not finite. Positions within the response.
    private int[][] Choose(Site site, IndexTable at, Tensor fresh)
    {
        var looked = at.Row(0).ToArray();
        var changes = fresh.TokenErrorsFrom(_kept[site].GatherTokens(at), ErrorMeasure.Cosine).Chunk(looked.Length);
        var rows = changes.Select(row => row.Where((_, i) => looked[i] >= _response.First && looked[i] < _response.First + _response.Count).ToArray())
            .ToArray();
        return Array.Exists(rows, row => Array.Exists(row, change => !double.IsFinite(change)))
            ? Array.ConvertAll(rows, row => Enumerable.Range(0, row.Length).ToArray())
            : Array.ConvertAll(rows, row => Enumerable.Range(0, row.Length).OrderByDescending(i => row[i]).Take(_due.Chosen).Order().ToArray());
    }

    private static IndexTable? Table(Tensor input, int[][] rows) => rows[0].Length == 0 ? null
        : IndexTable.From(input.Backend, [.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);

    private Forecast Kept(Site site) => new((Tensor[])[_kept[site]], (float[])[1]);

    private void Keep(Site site, Tensor feature)
    {
        if (!_kept.TryGetValue(site, out var kept))
        {
            _kept[site] = kept = Tensor.Empty(feature.Backend, feature.Shape).Retain();
        }

        kept.CopyFromInPlace(feature);
        if (site.Kind is SiteKind.Attended or SiteKind.Mlp)
        {
            parts.Draft?.Observe(site, feature);
        }
    }
}

/// <summary>What a method of texts may do besides.</summary>
/// <param name="Draft">Forecasts where it would reuse; disposed with the memory; null: it reuses.</param>
/// <param name="Check">Says whether a refresh can be left out, where its rule leaves one out; null: the rule leaves none out.</param>
/// <param name="Observe">Is shown what a layer chooses: call, layer, tokens of each row; null: nobody.</param>
internal sealed record TextMemoryParts(TextDraft? Draft = null, RefreshCheck? Check = null, Action<int, int, int[][]>? Observe = null);
