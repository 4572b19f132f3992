using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Published settings of <see cref="EEditPolicy"/>.</summary>
public enum EEditPreset
{
    /// <summary>FLUX.1-dev, edits by a mask, with what the released code does and the paper does not say.</summary>
    Released,
}

/// <summary>
/// Settings of <see cref="EEditPolicy"/>; the defaults are the released ones for FLUX.1-dev and edits by a mask, without the released code's defects.
/// </summary>
public sealed record EEditOptions : DraftOptions
{
    /// <summary>Defaults.</summary>
    public EEditOptions() => (Draft, Tokens) = (new ReuseForecaster(), new EEditTokens(new()));

    /// <summary>How tokens are chosen, and how often all are computed.</summary>
    [SettingPart]
    public EEditTokensOptions Choice
    {
        get => (Tokens as EEditTokens)?.Options ?? new();
        init => Tokens = new EEditTokens(value);
    }

    /// <summary>Steps at the end that are computed in full (<c>tail_steps</c> in the released code).</summary>
    [Setting("tail", 0, 1000, Unit = "steps", After = "interval")]
    public int Tail { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>
    /// Whether tokens are chosen before the run, which gives the same choice where the sampler calls in every step; otherwise call by call.
    /// </summary>
    [Setting("tables")]
    public bool HasTables { get; init; } = true;

    /// <summary>
    /// Whether a partial step keeps the modulations of double blocks and the gates of what it reuses in single blocks, as released; ours are the
    /// step's own.
    /// </summary>
    [Setting("held_modulation")]
    public bool HoldsModulation { get; init; }

    /// <summary>Whether the text's attention is kept behind its gate and gated again where it is reused, as released.</summary>
    [Setting("double_gate")]
    public bool GatesTwice { get; init; }

    /// <summary>
    /// Whether token numbers of the picture are taken for places in text and picture together in single blocks, as released, so that they name other
    /// tokens than those chosen and the picture's last ones are never computed. Ours: both have choices of their own.
    /// </summary>
    [Setting("shifted_indices")]
    public bool ShiftsIndices { get; init; }

    /// <summary>Whether both maps of a single block have choices of their own, as released.</summary>
    [Setting("two_lists")]
    public bool HasTwoLists { get; init; }

    /// <summary>A published setting.</summary>
    public static EEditOptions Released(EEditPreset preset) =>
        new() { HoldsModulation = preset == EEditPreset.Released, GatesTwice = true, ShiftsIndices = true, HasTwoLists = true };
}

/// <summary>
/// EEdit (arXiv 2503.10270) in the network: between full steps attention is reused, and all that works on single tokens is computed for some that are
/// drawn, mostly in and around the region that the request changes. Steps of an inversion that make no call are the sampler's part.
/// </summary>
public sealed class EEditPolicy : CachePolicy<EEditOptions>
{
    // Tokens are written into branches that are kept in float32.
    internal static readonly SettingList<EEditOptions> Settings =
        new SettingList<EEditOptions>("Policy", "eedit", "granularity", "tokens", "state").WithPresets<EEditPreset>(EEditOptions.Released);

    /// <summary>Checks that the settings fit each other.</summary>
    /// <param name="options">The settings; null: the defaults.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public EEditPolicy(EEditOptions? options = null)
        : base(Settings, options)
    {
        if (Options.Tokens is not EEditTokens)
        {
            throw new ArgumentException($"Policy eedit draws its tokens, and takes none of {Options.Tokens?.Name ?? "none"}; taylorseer takes any.");
        }

        if ((Options.HoldsModulation || Options.GatesTwice) && Options.Draft is not ReuseForecaster)
        {
            throw new ArgumentException(
                $"Policy eedit: held_modulation and double_gate keep what was gated, which draft={Options.Draft.Name} cannot forecast; "
                + "draft is reuse.");
        }
    }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var full = Enumerable.Range(0, run.StepCount).Select(IsFull).ToArray();
        var tokens = (EEditTokens)Options.Tokens! with
        {
            FullSteps = Options.HasTables ? full : null,
            HasTwoLists = Options.HasTwoLists,
            IsShifted = Options.ShiftsIndices,
        };
        var released = EEditAsReleased.Open(Options, run);
        var draft = new DraftModel(Options.DraftSettings with { Tokens = tokens }, run, verified: null);
        var misses = run.Region is null && Options.Choice.Region is not null && full.Contains(false);
        var note = misses ? "no region was given: all tokens count alike" : null;
        return draft.IsEnough ? new EEditMemory(draft, full, released, note) : UncachedMemory.InPlaceOf(draft);

        bool IsFull(int step) => step % Options.Choice.Interval == 0 || step >= run.StepCount - Options.Tail;
    }
}
