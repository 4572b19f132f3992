using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="CompressPolicy"/>; the defaults are nearly ToMe's.</summary>
public sealed record CompressOptions
{
    /// <summary>What makes a token matter; of what attention reads, since nothing is kept.</summary>
    [Setting("score", Catalog = typeof(TokenScores))]
    public ITokenScore Score { get; init; } = new RandomScore();

    /// <summary>What stays of the tokens.</summary>
    [Setting("reduce", Catalog = typeof(TokenReductions))]
    public ITokenReduction Reduce { get; init; } = new MergeReduction(new());

    /// <summary>Share of the tokens, or of groups of them, that stays; 1 leaves all.</summary>
    [Setting("keep", 0, 1, AboveMinimum = true)]
    public double Keep { get; init => field = Setting.Checked(this, value); } = 0.5;
}

/// <summary>
/// Self-attention over the whole grid is run for fewer tokens in every call, and what it gives is copied to the others: any score with any reduction
/// that needs nothing but what attention reads. DaTo's pruning and ToMe are such pairs.
/// </summary>
public sealed class CompressPolicy : CachePolicy<CompressOptions>
{
    internal static readonly SettingList<CompressOptions> Settings = new("Policy", "compress");

    /// <summary>A method with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">A part looks at what is not there before attention.</exception>
    public CompressPolicy(CompressOptions? options = null)
        : base(Settings, options)
    {
        if (!Options.Score.IsOfInput || !Options.Reduce.IsOfInput)
        {
            var (part, name) = Options.Score.IsOfInput ? ("reduce", Options.Reduce.Name) : ("score", Options.Score.Name);
            throw new ArgumentException(
                $"Policy compress: {part}={name} looks at what earlier calls kept, and nothing is kept here; tokens=compress({part}={name}) of a "
                + "policy that keeps branches can.");
        }
    }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (Options.Keep == 1)
        {
            return new UncachedMemory(note: null);
        }

        ShrunkAttention.Require(
            run.NotNull().Map, "Policy compress shrinks self-attention over the whole grid of tokens, which this network cannot do.");
        return new ShrunkMemory(
            run, Options.Score.Open(run), Options.Reduce.Open(run, Options.Keep), tokens => Math.Max(1, (int)(tokens * Options.Keep)));
    }
}
