using Augur.Notation;

namespace Augur.Sampling;

/// <summary>By what it is decided which tokens stay.</summary>
public enum DreamAlgorithm
{
    /// <summary>Tokens drawn at random, each with the same probability (discrete diffusion's own process).</summary>
    Origin,

    /// <summary>Those whose token is most probable.</summary>
    [Word("maskgit_plus")]
    MaskGitPlus,

    /// <summary>Those whose token is most ahead of the second.</summary>
    [Word("topk_margin")]
    TopKMargin,

    /// <summary>Those of the least entropy.</summary>
    Entropy,
}

/// <summary>Settings of <see cref="DreamSampler"/>; the defaults are those of Dream's README.</summary>
public sealed record DreamSamplerOptions
{
    /// <summary>By what it is decided which tokens stay.</summary>
    [Setting("algorithm")]
    public DreamAlgorithm Algorithm { get; init; } = DreamAlgorithm.Entropy;

    /// <summary>Of the draw of tokens; 0 takes the most probable.</summary>
    [Setting("temperature", 0, 100)]
    public double Temperature { get; init => field = Setting.Checked(this, value); } = 0.2;

    /// <summary>The most probable tokens are kept up to this share.</summary>
    [Setting("top_p", 0, 1, AboveMinimum = true)]
    public double TopP { get; init => field = Setting.Checked(this, value); } = 0.95;

    /// <summary>So many of the most probable tokens are kept; none: all.</summary>
    [Setting("top_k", 1, 1 << 20, Unit = "tokens")]
    public int? TopK { get; init => field = Setting.Checked(this, value); }

    /// <summary>Of the draw of places; 0 takes the best.</summary>
    [Setting("algorithm_temperature", 0, 100)]
    public double AlgorithmTemperature { get; init => field = Setting.Checked(this, value); }

    /// <summary>The share of unknown tokens at which the last step begins to end.</summary>
    [Setting("end", 0, 1, BelowMaximum = true)]
    public double End { get; init => field = Setting.Checked(this, value); } = 1e-3;
}

/// <summary>
/// Dream's sampler: times run from 1 to almost 0 in equal steps, and a step from t to s decides on the share 1 − s/t of the tokens that are not
/// known,
/// at the last step on all; a token is drawn first, and which ones stay is decided by how sure it is.
/// </summary>
/// <param name="options">The settings; null: the defaults.</param>
public sealed class DreamSampler(DreamSamplerOptions? options = null) : TokenSampler
{
    internal static readonly SettingList<DreamSamplerOptions> Settings = new("Sampler", "dream");

    /// <summary>The settings.</summary>
    public DreamSamplerOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(Options);

    /// <summary>Times of a run, one more than steps, in single precision.</summary>
    internal static float[] Times(int steps, double end) =>
        [.. Enumerable.Range(0, steps + 1).Select(i => (float)(1 - ((1 - end) * i / steps)))];

    private protected override IEnumerable<SamplerQuestion> Walk(MaskedText text, ITokenChance chance, NetworkAnswer answer, int steps)
    {
        var times = Times(steps, Options.End);
        for (var step = 0; step < steps; step++)
        {
            yield return text.Ask(step);

            var (places, isLast) = (text.UnknownIn(0, text.Length), step == steps - 1);
            var share = 1 - (times[step + 1] / times[step]);
            if (Options.Algorithm == DreamAlgorithm.Origin)
            {
                places = [.. places.Where(place => chance.Uniform(step, place) < (isLast ? 1 : share))];
            }

            var (tokens, sureness) = Decide(TokenLogits.Read(answer, places), places, chance, step);
            var count = isLast || Options.Algorithm == DreamAlgorithm.Origin ? places.Length : (int)(places.Length * share);
            foreach (var i in Chosen(sureness, places, count, chance, step))
            {
                text.Write(places[i], tokens[i]);
            }
        }

        yield return text.Result();
    }

    private IEnumerable<int> Chosen(double[] sureness, int[] places, int count, ITokenChance chance, int call)
    {
        if (Options.AlgorithmTemperature == 0 || count == places.Length)
        {
            return TokenLogits.Largest(sureness, count);
        }

        var shares = TokenFilter.Softmax(Array.ConvertAll(sureness, s => s / Options.AlgorithmTemperature));
        return TokenLogits.Largest([.. shares.Select((share, i) => share / chance.RaceOf(call, places[i]))], count);
    }

    private (int[] Tokens, double[] Sureness) Decide(TokenLogits logits, int[] places, ITokenChance chance, int call)
    {
        var (tokens, sureness) = (new int[places.Length], new double[places.Length]);
        var filter = new TokenFilter(Options.Temperature, Options.TopP, Options.TopK);
        var (races, numbers) = (new double[logits.Vocabulary], new double[logits.Vocabulary]);
        for (var i = 0; i < places.Length; i++)
        {
            var shares = filter.Probabilities(logits.At(i));
            if (Options.Temperature > 0)
            {
                chance.Race(call, places[i], races);
                for (var token = 0; token < numbers.Length; token++)
                {
                    numbers[token] = shares[token] / races[token];
                }
            }

            tokens[i] = TokenLogits.IndexOfLargest(Options.Temperature > 0 ? numbers : shares);
            sureness[i] = Options.Algorithm switch
            {
                DreamAlgorithm.TopKMargin => Margin(shares),
                DreamAlgorithm.Entropy => shares.Sum(share => share * Math.Log(share + 1e-10)), // as released
                _ => shares[tokens[i]],
            };
        }

        return (tokens, sureness);
    }

    private static double Margin(double[] shares)
    {
        double first = 0, second = 0;
        foreach (var share in shares)
        {
            (first, second) = share > first ? (share, first) : (first, Math.Max(second, share));
        }

        return first - second;
    }
}
