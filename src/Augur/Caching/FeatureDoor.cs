using Augur.Tensors;

namespace Augur.Caching;

/// <summary>FLOPs and time of a sample's rows; a multiply-add is 2 FLOPs.</summary>
/// <param name="Computed">FLOPs of features that were run, verification not counted.</param>
/// <param name="Verified">FLOPs of running blocks again to verify.</param>
/// <param name="Forecast">FLOPs of forming forecasts.</param>
/// <param name="VerifyTime">Share of the time in verification.</param>
public readonly record struct CallCost(long Computed, long Verified, long Forecast, TimeSpan VerifyTime);

/// <summary>
/// The door for one batched network call: at each site it asks every sample, computes densely what has to be computed, and lets the rest be
/// supplied. Each sample's rows are neighbours in the batch, in the order of the samples.
/// </summary>
public sealed class FeatureDoor : IFeatureDoor
{
    private readonly Func<Site, int, long> _flopsOf;
    private readonly TimeProvider _time;
    private readonly Guest[] _guests;
    private Seat[] _seats;
    private Seat[]? _verifying;
    private int _verifiedTokens;

    /// <summary>Opens the door for a call.</summary>
    /// <param name="samples">The samples in the call, with their numbers of rows.</param>
    /// <param name="flopsOf">FLOPs of a site for one row and a number of its tokens.</param>
    /// <param name="time">For the cost of verification.</param>
    public FeatureDoor(IEnumerable<(ISampleMemory Cache, int RowCount)> samples, Func<Site, int, long> flopsOf, TimeProvider time)
    {
        (_flopsOf, _time) = (flopsOf, time);
        _guests = [.. samples.Select(s => new Guest(s.Cache, s.RowCount))];
        _seats = Arrange(_guests);
    }

    /// <summary>What the call cost each sample.</summary>
    public IReadOnlyList<CallCost> Costs => Array.ConvertAll(_guests, g => g.Cost);

    /// <inheritdoc/>
    public void Offer(Site site, Signal signal, Func<Tensor> value)
    {
        if (_verifying is not null || !Array.Exists(_seats, s => s.Guest.Cache.Wants(site, signal)))
        {
            return;
        }

        var measured = value();
        foreach (var seat in _seats.Where(s => s.Guest.Cache.Wants(site, signal)))
        {
            seat.Guest.Cache.Take(site, signal, seat.RowsOf(measured));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Site> PartsOf(Site span)
    {
        foreach (var seat in _seats)
        {
            seat.Guest.Parts = Cut(span, seat.Guest.Cache.Cuts);
        }

        return _verifying is not null ? [span] : Cut(span, _seats.SelectMany(s => s.Guest.Cache.Cuts));
    }

    /// <inheritdoc/>
    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute)
    {
        if (_verifying is not null)
        {
            Count(_verifying, site, _verifiedTokens, verification: true);
            return compute(input, Selection.Everything);
        }

        var questions = Array.ConvertAll(_seats, s => s.Guest.Ask(site, s, input));
        var answers = Array.ConvertAll(questions, q => q.Answer);
        if (Array.TrueForAll(answers, a => a == Answer.Skip))
        {
            return input;
        }

        if (Array.TrueForAll(answers, a => a == Answer.Supply))
        {
            return Supplied(questions, input);
        }

        Refresh(site, [.. _seats.Where((_, i) => answers[i] == Answer.ComputeTokens)], input, compute);
        if (Array.TrueForAll(answers, a => a is Answer.Supply or Answer.ComputeTokens))
        {
            return Supplied(questions, input);
        }

        var output = Array.TrueForAll(answers, Runs) ? Run(site, _seats, input, input.Shape[1], Selection.Everything, compute) : Assemble(site, questions, input, compute);
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] == Answer.ComputeAndObserve)
            {
                _seats[i].Guest.Cache.Observe(questions[i].Site, questions[i].Input ?? _seats[i].RowsOf(input), _seats[i].RowsOf(output));
            }
        }

        Verify(site, [.. _seats.Where((_, i) => answers[i] is Answer.ComputeAndVerify or Answer.SupplyAndVerify)], input, output, compute);
        return output;
    }

    private Feature Supplied(Question[] questions, Tensor input) => Feature.Of([.. _seats.Zip(questions, (s, q) => (s.Row, Supply(s, q.Site, input)))]);

    private static bool Runs(Answer answer) => answer is Answer.Compute or Answer.ComputeAndObserve or Answer.ComputeAndVerify;

    // Samples answer differently: those that compute are gathered into a dense batch of their own.
    private Tensor Assemble(Site site, Question[] questions, Tensor input, ComputeFeature compute)
    {
        var running = _seats.Where((_, i) => Runs(questions[i].Answer)).ToArray();
        Tensor? output = null;
        if (running.Length > 0)
        {
            var rows = RowsOf(running, input.Backend);
            var fresh = Run(site, Arrange(Array.ConvertAll(running, s => s.Guest)), input.GatherRows(rows), input.Shape[1], new Selection(rows), compute);
            output = Tensor.Empty(input.Backend, fresh.Shape.With(0, input.Shape[0]));
            output.ScatterRowsInPlace(rows, fresh);
        }

        foreach (var (seat, question) in _seats.Zip(questions))
        {
            if (question.Answer == Answer.Skip)
            {
                output ??= Tensor.Empty(input.Backend, input.Shape);
                seat.RowsOf(output).CopyFromInPlace(seat.RowsOf(input));
            }
            else if (!Runs(question.Answer))
            {
                var forecast = Supply(seat, question.Site, input);
                output ??= Tensor.Empty(input.Backend, forecast.Terms.Span[0].Shape.With(0, input.Shape[0]));
                forecast.WriteTo(seat.RowsOf(output));
            }
        }

        return output!;
    }

    private Tensor Run(Site site, Seat[] seats, Tensor input, int tokens, Selection selection, ComputeFeature compute)
    {
        var outer = _seats;
        Count(seats, site, tokens, verification: false);
        _seats = seats; // what lies inside asks for these rows only
        try
        {
            return compute(input, selection);
        }
        finally
        {
            _seats = outer;
        }
    }

    private void Verify(Site site, Seat[] seats, Tensor input, Tensor output, ComputeFeature compute)
    {
        foreach (var group in seats.Select(s => (Seat: s, Tokens: s.Guest.Cache.TokensToVerify(input.Shape[1]))).GroupBy(s => s.Tokens?.Length))
        {
            using var scope = TensorScope.Begin();
            var began = _time.GetTimestamp();
            var members = group.Select(s => s.Seat).ToArray();
            var rows = members.Length == _seats.Length ? null : RowsOf(members, input.Backend);
            var selection = new Selection(rows, TokensOf([.. group], input.Backend));
            _verifying = Arrange(Array.ConvertAll(members, s => s.Guest));
            _verifiedTokens = group.Key ?? input.Shape[1];
            Count(_verifying, site, _verifiedTokens, verification: true);
            var computed = compute(selection.NarrowRows(input), selection);
            var drafted = selection.NarrowTokens(selection.NarrowRows(output));
            foreach (var (inner, seat) in _verifying.Zip(members))
            {
                if (seat.Guest.Cache.Judge(site, inner.RowsOf(drafted), inner.RowsOf(computed)) && group.Key is null)
                {
                    seat.RowsOf(output).CopyFromInPlace(inner.RowsOf(computed));
                }
            }

            _verifying = null;
            var share = _time.GetElapsedTime(began) / members.Sum(s => s.Guest.RowCount);
            foreach (var seat in members)
            {
                seat.Guest.Cost = seat.Guest.Cost with { VerifyTime = seat.Guest.Cost.VerifyTime + (share * seat.Guest.RowCount) };
            }
        }
    }

    // Samples that want equally many tokens are run together.
    private void Refresh(Site site, Seat[] seats, Tensor input, ComputeFeature compute)
    {
        foreach (var group in seats.Select(s => (Seat: s, Tokens: s.Guest.Cache.SelectTokens(site, s.RowsOf(input)))).Where(s => s.Tokens is not null).GroupBy(s => s.Tokens!.Shape[1]))
        {
            var members = group.Select(s => s.Seat).ToArray();
            var rows = members.Length == _seats.Length ? null : RowsOf(members, input.Backend);
            var tokens = members.Length == 1 ? group.Single().Tokens! : Stack([.. group.Select(s => s.Tokens!)]);
            var selection = new Selection(rows, tokens);
            var running = Arrange(Array.ConvertAll(members, s => s.Guest));
            var fresh = Run(site, running, selection.NarrowRows(input), group.Key, selection, compute);
            foreach (var ((seat, chosen), inner) in group.Zip(running))
            {
                seat.Guest.Cache.Merge(site, chosen!, inner.RowsOf(fresh));
            }
        }
    }

    private static Tensor Stack(Tensor[] indices) =>
        Tensor.From(indices[0].Backend, [.. indices.SelectMany(t => t.ToInt32Array())], [indices.Sum(t => t.Shape[0]), indices[0].Shape[1]]);

    private static Forecast Supply(Seat seat, Site site, Tensor input)
    {
        var forecast = seat.Guest.Cache.Supply(site).At(seat.RowsOf(input));
        seat.Guest.Cost = seat.Guest.Cost with { Forecast = seat.Guest.Cost.Forecast + forecast.Flops };
        return forecast;
    }

    private void Count(Seat[] seats, Site site, int tokens, bool verification)
    {
        var flops = _flopsOf(site, tokens);
        foreach (var guest in seats.Select(s => s.Guest))
        {
            var all = flops * guest.RowCount;
            guest.Cost = verification
                ? guest.Cost with { Verified = guest.Cost.Verified + all }
                : guest.Cost with { Computed = guest.Cost.Computed + all };
        }
    }

    private static Seat[] Arrange(Guest[] guests)
    {
        var seats = new Seat[guests.Length];
        for (int i = 0, row = 0; i < guests.Length; row += guests[i].RowCount, i++)
        {
            seats[i] = new Seat(guests[i], row);
        }

        return seats;
    }

    private static Tensor RowsOf(Seat[] seats, IBackend backend)
    {
        int[] rows = [.. seats.SelectMany(s => Enumerable.Range(s.Row, s.Guest.RowCount))];
        return Tensor.From(backend, rows, [rows.Length]);
    }

    private static Tensor? TokensOf((Seat Seat, int[]? Tokens)[] group, IBackend backend)
    {
        if (group[0].Tokens is not { } first)
        {
            return null;
        }

        int[] tokens = [.. group.SelectMany(g => Enumerable.Repeat(g.Tokens!, g.Seat.Guest.RowCount).SelectMany(t => t))];
        return Tensor.From(backend, tokens, [tokens.Length / first.Length, first.Length]);
    }

    private static Site[] Cut(Site span, IEnumerable<int> cuts)
    {
        var end = span.Layer + span.Count;
        int[] inside = [.. cuts.Where(c => c > span.Layer && c < end).Distinct().Order()];
        return [.. inside.Prepend(span.Layer).Zip(inside.Append(end), (from, to) => Site.Span(from, to - from))];
    }

    /// <summary>What a sample was asked, and what it says for the part at hand.</summary>
    /// <param name="Site">The site as the sample knows it.</param>
    /// <param name="Answer">For this part.</param>
    /// <param name="Input">What the site read, where that was in an earlier part.</param>
    private readonly record struct Question(Site Site, Answer Answer, Tensor? Input = null);

    /// <summary>A sample in this call.</summary>
    private sealed class Guest(ISampleMemory cache, int rowCount)
    {
        private Answer _ofSpan;
        private Tensor? _spanInput;

        public ISampleMemory Cache => cache;

        public int RowCount => rowCount;

        public CallCost Cost { get; set; }

        /// <summary>The spans between the sample's own cuts; a single one was asked for already.</summary>
        public Site[] Parts { get; set; } = [];

        /// <summary>Neighbours may cut a sample's span into pieces, of which it never hears: the first asks, the last supplies or shows.</summary>
        public Question Ask(Site site, Seat seat, Tensor input)
        {
            if (site.Kind != SiteKind.Span || Parts.Length < 2)
            {
                return new(site, Parts.Length == 1 && site.Kind == SiteKind.Span ? Answer.Compute : cache.Ask(site));
            }

            var own = Array.Find(Parts, p => p.Layer <= site.Layer && site.Layer < p.Layer + p.Count);
            if (site.Layer == own.Layer)
            {
                (_ofSpan, _spanInput) = (cache.Ask(own), seat.RowsOf(input));
            }

            var ends = site.Layer + site.Count == own.Layer + own.Count;
            return new(own, _ofSpan switch { Answer.Supply when !ends => Answer.Skip, Answer.ComputeAndObserve when !ends => Answer.Compute, _ => _ofSpan }, _spanInput);
        }
    }

    /// <summary>Where a sample's rows begin in the batch that the site sees.</summary>
    private readonly record struct Seat(Guest Guest, int Row)
    {
        public Tensor RowsOf(Tensor batch) => batch.Rows(Row, Guest.RowCount);
    }
}
