using Augur.Notation;

namespace Augur.Sampling;

/// <summary>By what it is decided which tokens stay.</summary>
public enum Remasking
{
    /// <summary>The tokens that the network is surest of stay.</summary>
    LowConfidence,

    /// <summary>Tokens drawn at random stay.</summary>
    Random,
}

/// <summary>Settings of <see cref="LladaSampler"/>; the defaults are those of LLaDA's released code, one block as long as the text.</summary>
public sealed record LladaSamplerOptions
{
    /// <summary>
    /// Tokens of a block; blocks are written one behind the other. A divisor of the length, and the number of blocks one of the steps; none: one
    /// block.
    /// </summary>
    [Setting("block", 1, 65536, Unit = "tokens")]
    public int? Block { get; init => field = Setting.Checked(this, value); }

    /// <summary>By what it is decided which tokens stay.</summary>
    [Setting("remasking")]
    public Remasking Remasking { get; init; }

    /// <summary>Of the draw of tokens; 0 takes the most probable. LLaDA's form of the Gumbel draw, in double precision.</summary>
    [Setting("temperature", 0, 100)]
    public double Temperature { get; init => field = Setting.Checked(this, value); }

    /// <summary>
    /// Every token of the block that the network is at least so sure of stays, and always the surest; the number of steps is then of no account, and
    /// a
    /// run ends as soon as all are known (Fast-dLLM, arXiv 2505.22618, whose default is 0.9). None: as many stay as the steps say.
    /// </summary>
    [Setting("threshold", 0, 1)]
    public double? Threshold { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// LLaDA's sampler (arXiv 2502.09992, section 2.4): at each step the network is asked for every token, and of those that were not known the surest
/// stay;
/// within blocks, one behind the other, where blocks are shorter than the text.
/// </summary>
/// <param name="options">The settings; null: the defaults.</param>
public sealed class LladaSampler(LladaSamplerOptions? options = null) : TokenSampler
{
    /// <summary>Tokens of a block at most, where nobody says: read as well as longer ones, and a block cache then has less to compute.</summary>
    public const int UsualBlock = 16;

    /// <summary>Tokens of a block at least, where nobody says: the shortest that was measured (bench/results/language.md).</summary>
    public const int ShortestBlock = 8;

    internal static readonly SettingList<LladaSamplerOptions> Settings = new("Sampler", "llada");

    /// <summary>The settings.</summary>
    public LladaSamplerOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public override bool MayEndEarly => Options.Threshold is not null;

    /// <summary>
    /// The same in blocks, where nothing is said of blocks: in the longest of <see cref="ShortestBlock"/> to <see cref="UsualBlock"/> tokens that
    /// divide text and steps. A text that has none, or is no longer than such a block, is one block: the sampler itself.
    /// </summary>
    /// <param name="length">Tokens of the text.</param>
    /// <param name="steps">Steps of the run.</param>
    public LladaSampler InBlocks(int length, int steps)
    {
        if (Options.Block is not null || length <= UsualBlock)
        {
            return this;
        }

        var divides = Enumerable.Range(ShortestBlock, UsualBlock - ShortestBlock + 1).LastOrDefault(
            block => length % block == 0 && steps % (length / block) == 0);
        return divides == 0 ? this : new(Options with { Block = divides }) { Chance = Chance };
    }

    /// <summary>How many tokens stay at each step of a block: equally many, one more at the first steps.</summary>
    internal static int[] Shares(int unknown, int steps) =>
        [.. Enumerable.Range(0, steps).Select(step => (unknown / steps) + (step < unknown % steps ? 1 : 0))];

    private protected override int CallsFor(int length, int steps)
    {
        var block = Options.Block ?? length;
        return length % block != 0
            ? throw new ArgumentException($"Sampler {Name}: blocks of {block} tokens do not divide a text of {length}.")
            : Options.Threshold is not null ? length
            : steps % (length / block) != 0
            ? throw new ArgumentException($"Sampler {Name}: {steps} steps do not divide among {length / block} blocks.")
            : steps;
    }

    private protected override IEnumerable<SamplerQuestion> Walk(MaskedText text, ITokenChance chance, NetworkAnswer answer, int steps)
    {
        var (block, call) = (Options.Block ?? text.Length, 0);
        for (var first = 0; first < text.Length; first += block)
        {
            var shares = Options.Threshold is null ? Shares(block, steps / (text.Length / block)) : [];
            for (var step = 0; Options.Threshold is null ? step < shares.Length : text.UnknownIn(first, block).Length > 0; step++)
            {
                yield return text.Ask(call, (first, block));

                var places = text.UnknownIn(first, block);
                var (tokens, sureness) = Decide(TokenLogits.Read(answer, places), places, chance, call++);
                foreach (var i in Options.Threshold is { } least ? Sure(sureness, least) : TokenLogits.Largest(sureness, shares[step]))
                {
                    text.Write(places[i], tokens[i]);
                }
            }
        }

        yield return text.Result();
    }

    private static IEnumerable<int> Sure(double[] sureness, double least) =>
        TokenLogits.Largest(sureness, sureness.Length).Where((i, rank) => rank == 0 || sureness[i] >= least);

    private (int[] Tokens, double[] Sureness) Decide(TokenLogits logits, int[] places, ITokenChance chance, int call)
    {
        var (tokens, sureness) = (new int[places.Length], new double[places.Length]);
        var (numbers, races) = (new double[logits.Vocabulary], new double[Options.Temperature > 0 ? logits.Vocabulary : 0]);
        for (var i = 0; i < places.Length; i++)
        {
            var own = logits.At(i);
            if (races.Length > 0)
            {
                chance.Race(call, places[i], races);
            }

            for (var token = 0; token < numbers.Length; token++)
            {
                numbers[token] = races.Length == 0 ? own[token] : own[token] - (Options.Temperature * Math.Log(races[token]));
            }

            tokens[i] = TokenLogits.IndexOfLargest(numbers);
            sureness[i] = Options.Remasking == Remasking.Random ? chance.Uniform(call, places[i]) : TokenFilter.ShareOf(own, tokens[i]);
        }

        return (tokens, sureness);
    }
}
