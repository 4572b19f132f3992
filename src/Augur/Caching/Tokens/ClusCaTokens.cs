using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="ClusCaTokens"/>; the defaults are the released ones for DiT-XL/2.</summary>
public sealed record ClusCaTokensOptions
{
    /// <summary>Clusters of a row, and tokens of it that are computed: 0 to 65536; at most as many as there are tokens. Default 16; HunyuanVideo 32.</summary>
    public int Clusters { get; init => field = Within(value, 0, 65536); } = 16;

    /// <summary>Share γ of its cluster's fresh value that every token takes on, 0 to 1. Default 0.005; HunyuanVideo 0.01; 0: none.</summary>
    public double Propagation { get; init => field = Within(value, 0, 1); } = 0.005;

    /// <summary>Most assignments of one clustering, 1 to 10000. Default 100; FLUX and HunyuanVideo 10.</summary>
    public int Iterations { get; init => field = Within(value, 1, 10000); } = 100;

    /// <summary>
    /// Whether the forecast of a computed token is what was computed. Default no, as released: the fresh value takes the place of the last full
    /// call's, and the forecast's differences are added to it once more.
    /// </summary>
    public bool Exact { get; init; }
}

/// <summary>
/// ClusCa's tokens (arXiv 2509.10312): the output of the last block of a full call is clustered; afterwards every branch computes one token drawn
/// from each cluster, and passes a share of its value on to the others.
/// </summary>
public sealed record ClusCaTokens(ClusCaTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<ClusCaTokensOptions> Settings = new("Tokens", "clusca", [.. SettingsOf<ClusCaTokensOptions>(o => o, (_, clusters) => clusters)]);

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <summary>What another implementation drew, and where what we chose is shown; null: draws from the sample's seed.</summary>
    internal ClusCaTrace? Trace { get; init; }

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run)
    {
        run.Map.RequireChain("Tokens clusca");
        return new ClusCaSelection(Options, run, Trace);
    }

    /// <summary>The settings, for options that have these as a part.</summary>
    internal static IEnumerable<Setting<TOptions>> SettingsOf<TOptions>(Func<TOptions, ClusCaTokensOptions> read, Func<TOptions, ClusCaTokensOptions, TOptions> write)
        where TOptions : class =>
    [
        Setting<TOptions>.Integer("k", "a whole number between 0 and 65536", o => read(o).Clusters, (o, value) => write(o, read(o) with { Clusters = value })),
        Setting<TOptions>.Number("gamma", "a number between 0 and 1", o => read(o).Propagation, (o, value) => write(o, read(o) with { Propagation = value })),
        Setting<TOptions>.Integer("iterations", "a whole number between 1 and 10000", o => read(o).Iterations, (o, value) => write(o, read(o) with { Iterations = value })),
        Setting<TOptions>.Flag("exact", o => read(o).Exact, (o, value) => write(o, read(o) with { Exact = value })),
    ];
}

/// <summary>For replays: where draws come from, and who is shown clusters and choices.</summary>
/// <param name="Draws">Uniform numbers.</param>
/// <param name="OnClusters">After a clustering: call and clusters.</param>
/// <param name="OnChoice">After a choice: call, branch, and the tokens, [rows, clusters] with clusters fastest.</param>
internal sealed record ClusCaTrace(IUniformDraws Draws, Action<int, TokenClusters> OnClusters, Action<int, Site, int[]> OnChoice);
