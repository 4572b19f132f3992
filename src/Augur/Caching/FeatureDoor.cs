using Augur.Tensors;

namespace Augur.Caching;

/// <summary>
/// The door for one batched network call: at each site it asks every sample, computes densely what has to be computed, and lets the rest be
/// supplied. Each sample's rows are neighbours in the batch, in the order of the samples.
/// </summary>
internal sealed class FeatureDoor : IFeatureDoor
{
    private readonly CostLedger _ledger;
    private readonly DeferredRead _reads;
    private Rows[] _present; // in the batch that the current site sees
    private Asked[] _running = []; // those for whom the innermost site is run
    private bool _isVerifying;
    private int? _verifiedTokens; // null: all
    private (Site? Inside, Asked[] Forecasts) _stand; // the site inside what is verified that is a forecast
    private (int Count, bool IsClosed)? _tokens; // those for which the site around is run; null: all

    /// <summary>Opens the door for a call.</summary>
    /// <param name="samples">The samples in the call, with their numbers of rows.</param>
    /// <param name="ledger">Is told what is run for whom.</param>
    /// <param name="reads">Reads what verifications measure; the caller disposes it after the samples' calls have ended.</param>
    public FeatureDoor(IEnumerable<(ISampleMemory Memory, int RowCount)> samples, CostLedger ledger, DeferredRead reads)
    {
        (_ledger, _reads) = (ledger, reads);
        _present = Arrange([.. samples.Select((s, i) => new Rows(i, s.Memory, 0, s.RowCount))]);
    }

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(compute);
        if (_isVerifying && site == _stand.Inside)
        {
            return Supplied(_stand.Forecasts, input);
        }

        if (_isVerifying)
        {
            Charge(_present, site, _verifiedTokens);
            return compute(input, Selection.Everything);
        }

        if (_tokens is { } within) // what lies inside is run for the same tokens
        {
            Charge(_present, site, within.Count, within.IsClosed);
            return compute(input, Selection.Everything);
        }

        var asked = Ask(site, input, offer);
        if (Array.TrueForAll(asked, a => a.Answer.Passes))
        {
            return input;
        }

        if (Array.TrueForAll(asked, a => a.Answer.Supplies && !a.Answer.IsVerified))
        {
            return Supplied(asked, input);
        }

        RunTokens(site, [.. asked.Where(a => a.Answer.RunsTokens)], input, compute);
        if (Array.TrueForAll(asked, a => !a.Answer.IsVerified && (a.Answer.Supplies || a.Answer.RunsTokens)))
        {
            return Supplied(asked, input);
        }

        var output = Array.TrueForAll(asked, a => a.Answer.Runs)
            ? Run(site, asked, input, null, Selection.Everything, compute)
            : Assemble(site, asked, input, compute);
        foreach (var (rows, answer) in asked)
        {
            answer.Observe?.Invoke(rows.Of(input), rows.Of(output));
        }

        Verify(site, [.. asked.Where(a => a.Answer.IsVerified)], input, output, compute);
        return output;
    }

    /// <inheritdoc/>
    public void Offer(Site site, Signal signal, Func<Tensor> measure)
    {
        Tensor? measured = null;
        foreach (var (rows, answer) in _isVerifying ? [] : _running)
        {
            if (answer.Signal == signal)
            {
                answer.Hear!(rows.Of(measured ??= measure.NotNull()()));
            }
        }
    }

    private Asked[] Ask(Site site, Tensor input, SignalOffer? offer)
    {
        Tensor? measured = null; // for the whole batch, once, if anybody looks
        Func<Signal, Tensor>? measure = offer is not { } signal ? null
            : wanted => wanted == signal.Signal ? measured ??= signal.Measure() : throw new InvalidOperationException(
                $"The network does not offer {wanted} at {site}.");
        return Array.ConvertAll(_present, rows => new Asked(rows, rows.Memory.Ask(new Question(site, input, rows.First, rows.Count, measure))));
    }

    private Feature Supplied(Asked[] asked, Tensor input) => Feature.Of(Array.ConvertAll(asked, a => (a.Rows.First, ForecastOf(a, input))));

    private Forecast ForecastOf(Asked asked, Tensor input)
    {
        var forecast = asked.Answer.Forecast!().At(asked.Rows.Of(input));
        _ledger.Form(asked.Rows.Sample, forecast.Flops);
        return forecast;
    }

    // What lies inside the site asks for the rows that are run only.
    private Tensor Run(Site site, Asked[] asked, Tensor input, int? tokens, Selection selection, ComputeFeature compute)
    {
        var (outerPresent, outerRunning, outerTokens) = (_present, _running, _tokens);
        Charge(Array.ConvertAll(asked, a => a.Rows), site, tokens, selection.IsClosed);
        _present = Array.ConvertAll(asked, a => a.Rows);
        _running = asked;
        _tokens = tokens is { } count ? (count, selection.IsClosed) : null;
        try
        {
            return compute(input, selection);
        }
        finally
        {
            (_present, _running, _tokens) = (outerPresent, outerRunning, outerTokens);
        }
    }

    // Samples answer differently: those that compute are gathered into a dense batch of their own.
    private Tensor Assemble(Site site, Asked[] asked, Tensor input, ComputeFeature compute)
    {
        var running = Array.FindAll(asked, a => a.Answer.Runs);
        Tensor? output = null;
        if (running.Length > 0)
        {
            var selection = new Selection(IndexTable.From(input.Backend, Entries(running)));
            var fresh = Run(site, Gathered(running), selection.NarrowRows(input), null, selection, compute).InType(DType.Float32);
            output = Tensor.Empty(input.Backend, fresh.Shape.With(0, input.Shape[0]));
            output.ScatterRowsInPlace(selection.Rows!, fresh);
        }

        foreach (var a in asked)
        {
            if (a.Answer.Passes)
            {
                output ??= Tensor.Empty(input.Backend, input.Shape);
                a.Rows.Of(output).CopyFromInPlace(a.Rows.Of(input)); // output is Float32, so that this is a view of it
            }
            else if (!a.Answer.Runs)
            {
                var forecast = ForecastOf(a, input);
                output ??= Tensor.Empty(input.Backend, forecast.Terms.Span[0].Shape.With(0, input.Shape[0]));
                forecast.WriteTo(a.Rows.Of(output));
            }
        }

        return output!;
    }

    // Samples that want equally many tokens are run together.
    private void RunTokens(Site site, Asked[] asked, Tensor input, ComputeFeature compute)
    {
        var chosen = asked.Select(a => (Asked: a, Tokens: a.Answer.Select!(a.Rows.Of(input)))).Where(c => c.Tokens is not null);
        foreach (var group in chosen.GroupBy(c => (
            Count: c.Asked.Answer.GroupCount?.Invoke() ?? c.Tokens!.Shape[1],
            c.Asked.Answer.IsClosed,
            IsMerged: c.Asked.Answer.GroupCount?.Invoke() is not null)))
        {
            Asked[] members = [.. group.Select(c => c.Asked)];
            var (entries, table) = (EntriesUnlessAll(members, input.Backend), IndexTable.Concatenate([.. group.Select(c => c.Tokens!)]));
            var selection = group.Key.IsMerged ? new Selection(entries, null, IsClosed: true, table, group.Key.Count)
                : new Selection(entries, table, group.Key.IsClosed);
            var running = Gathered(members);
            var fresh = Run(site, running, selection.NarrowRows(input), group.Key.Count, selection, compute);
            foreach (var ((member, tokens), inner) in group.Zip(running))
            {
                member.Answer.Merge!(tokens!, inner.Rows.Of(fresh));
            }
        }
    }

    private void Verify(Site site, Asked[] asked, Tensor input, Tensor output, ComputeFeature compute)
    {
        foreach (var group in asked.GroupBy(a => (Tokens: a.Answer.VerifiedTokens?.Length, a.Answer.Inside)))
        {
            using var scope = TensorScope.Begin();
            var began = _ledger.BeginVerification();
            Asked[] members = [.. group];
            var selection = new Selection(EntriesUnlessAll(members, input.Backend), TokensOf(members, input.Backend));
            var (outer, inner) = (_present, Gathered(members));
            (_present, _isVerifying, _verifiedTokens) = (Array.ConvertAll(inner, a => a.Rows), true, group.Key.Tokens);
            _stand = (group.Key.Inside, Array.ConvertAll(inner, a => a with { Answer = Answer.Compute with { Forecast = a.Answer.InsideForecast } }));
            Charge(_present, site, _verifiedTokens);
            var computed = compute(selection.NarrowRows(input), selection);
            var answered = selection.NarrowTokens(selection.NarrowRows(output));
            foreach (var (rows, answer) in inner)
            {
                answer.Judge!(new Verification(rows.Of(answered), rows.Of(computed), _reads));
            }

            (_present, _isVerifying) = (outer, false);
            _ledger.EndVerification(began, Array.ConvertAll(members, a => a.Rows.Sample));
        }
    }

    private void Charge(Rows[] samples, Site site, int? tokens, bool isClosed = false)
    {
        if (site.Kind is SiteKind.Keys or SiteKind.Values && (_isVerifying || _tokens is { IsClosed: false }))
        {
            tokens = null; // whoever looks, all are read
        }

        foreach (var rows in samples)
        {
            _ledger.Run(rows.Sample, site, tokens, _isVerifying, isClosed);
        }
    }

    // The same samples in a dense batch of their own.
    private static Asked[] Gathered(Asked[] asked) =>
        [.. Arrange(Array.ConvertAll(asked, a => a.Rows)).Zip(asked, (rows, a) => a with { Rows = rows })];

    private static Rows[] Arrange(Rows[] samples)
    {
        var first = 0;
        return Array.ConvertAll(samples, s => s with { First = (first += s.Count) - s.Count });
    }

    private static int[] Entries(Asked[] asked) => [.. asked.SelectMany(a => Enumerable.Range(a.Rows.First, a.Rows.Count))];

    private IndexTable? EntriesUnlessAll(Asked[] asked, IBackend backend) =>
        asked.Length == _present.Length ? null : IndexTable.From(backend, Entries(asked));

    private static IndexTable? TokensOf(Asked[] group, IBackend backend)
    {
        if (group[0].Answer.VerifiedTokens is not { } first)
        {
            return null;
        }

        int[] tokens = [.. group.SelectMany(a => Enumerable.Repeat(a.Answer.VerifiedTokens!, a.Rows.Count).SelectMany(t => t))];
        return IndexTable.From(backend, tokens, [tokens.Length / first.Length, first.Length]);
    }

    /// <summary>A sample's rows in the batch that a site sees.</summary>
    private readonly record struct Rows(int Sample, ISampleMemory Memory, int First, int Count)
    {
        // A memory keeps and compares single precision; what only passes on inside a branch may be in halves.
        public Tensor Of(Tensor batch) => batch.Rows(First, Count).InType(DType.Float32);
    }

    /// <summary>What a sample answered.</summary>
    private readonly record struct Asked(Rows Rows, Answer Answer);
}
