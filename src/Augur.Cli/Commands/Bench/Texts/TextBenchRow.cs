using Augur.Tuning;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>What one contender wrote, cost and lost against the uncached run.</summary>
internal sealed class TextBenchRow
{
    private readonly IReadOnlyDictionary<int, TextBenchChunk> _reference;

    /// <summary>Adds up a contender's texts.</summary>
    /// <param name="all">Of all contenders; those of the uncached run are among them.</param>
    /// <param name="policy">The contender.</param>
    public TextBenchRow(IReadOnlyList<TextBenchChunk> all, string policy)
    {
        Policy = policy;
        Texts = [.. all.Where(c => c.Policy == policy && c.Text is not null).OrderBy(c => c.Index)];
        _reference = all.Where(c => c.Policy == TextContender.Reference.Name && c.Text is not null).ToDictionary(c => c.Index);
        FlopsSpeedup = Texts.Sum(c => _reference[c.Index].Text!.Flops) / (double)Math.Max(1, Texts.Sum(c => c.Text!.Flops));
        TimeSpeedup = Speedup(all, c => c.Seconds);
        ProcessorSpeedup = Speedup(all, c => c.ProcessorSeconds);
        Agreement = MetricValue.OfMean([.. Texts.Select(c => 100 * AgreementOf(c))]);
        var surprise = MetricValue.OfMean([.. Texts.Select(c => c.Text!.Surprise)]);
        Perplexity = new(Math.Exp(surprise.Mean), Math.Exp(surprise.Low), Math.Exp(surprise.High));
    }

    public string Policy { get; }

    /// <summary>In order; each has its text.</summary>
    public IReadOnlyList<TextBenchChunk> Texts { get; }

    public bool IsReference => Policy == TextContender.Reference.Name;

    /// <summary>Against the uncached run with one token a call, of the same texts.</summary>
    public double FlopsSpeedup { get; }

    /// <summary>Median over texts of wall times, against the uncached run of the same text in the same session.</summary>
    public double TimeSpeedup { get; }

    /// <summary>The same of processor times.</summary>
    public double ProcessorSpeedup { get; }

    /// <summary>Percent of the tokens that are the uncached run's, place by place.</summary>
    public MetricValue Agreement { get; }

    /// <summary>Of the texts behind their beginnings, under the model itself.</summary>
    public MetricValue Perplexity { get; }

    public double TokensPerSecond => Texts.Sum(c => c.Text!.Tokens.Count) / Math.Max(1e-9, Texts.Sum(c => c.Seconds));

    public long PeakCacheBytes => Texts.Max(c => c.Text!.PeakCacheBytes);

    public double WorstAgreement => Texts.Min(c => 100 * AgreementOf(c));

    /// <summary>Mean number of calls per text that ended in one of some ways.</summary>
    public double CallsPerText(string letters) => Texts.Average(c => c.Text!.Calls.Count(letters.Contains));

    /// <summary>Mean number of calls per text.</summary>
    public double Calls => Texts.Average(c => c.Text!.Calls.Length);

    /// <summary>What a reader should know, each once.</summary>
    public IReadOnlyList<string> Notes => [.. Texts.Select(c => c.Text!.Note).OfType<string>().Distinct()];

    /// <summary>The text with the fewest of the uncached run's tokens, and the uncached run's.</summary>
    public (TextBenchChunk Own, TextBenchChunk Uncached) Worst() => Texts.MinBy(AgreementOf) is { } worst ? (worst, _reference[worst.Index])
        : throw new InvalidOperationException("A row has texts.");

    private double AgreementOf(TextBenchChunk chunk) => chunk.Text!.AgreementWith(_reference[chunk.Index].Text!);

    // A machine that others use grows slower and faster: the nearest in time are compared.
    private double Speedup(IReadOnlyList<TextBenchChunk> all, Func<TextBenchChunk, double> time) => Median.Of(Texts.Select(own =>
    {
        var timed = all.Where(c => c.Policy == TextContender.Reference.Name && c.Index == own.Index).ToList();
        return time(timed.Find(c => c.Session == own.Session) ?? timed[0]) / Math.Max(1e-9, time(own));
    }));
}
