using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Where the noise levels of a flow run lie before they are shifted.</summary>
public enum FlowGrid
{
    /// <summary>σ = 1, (n−1)/n, …, 1/n: FLUX's own code, and its pipeline in diffusers.</summary>
    [Word("equal")]
    EqualParts,

    /// <summary>σ from the largest to the smallest trained level, both included, shifted once more: diffusers' default, Stable Diffusion 3.</summary>
    [Word("trained")]
    TrainedRange,
}

/// <summary>From what the strength μ of a dynamic shift follows.</summary>
public enum FlowMu
{
    /// <summary>Linear in the number of tokens: FLUX.1, Qwen-Image.</summary>
    [Word("tokens")]
    Tokens,

    /// <summary>
    /// FLUX.2's fit: linear in tokens at 10 and at 200 steps, between and beyond those linear in steps; above 4300 tokens in tokens alone.
    /// </summary>
    [Word("tokens-and-steps")]
    TokensAndSteps,
}

/// <summary>The noise levels of a rectified flow run: x = (1−σ)·x₀ + σ·ε.</summary>
/// <remarks>The model time that is passed to the network is σ·1000, as in diffusers' flow schedulers.</remarks>
public sealed record FlowOptions
{
    /// <summary>Model time at σ = 1.</summary>
    public const int TrainedStepCount = 1000;

    /// <summary>Constant shift s of the levels, σ → sσ/(1 + (s−1)σ); 1 is none. Stable Diffusion 3 has 3 (Esser et al., 2024, equation 23).</summary>
    [Setting("shift", 0, 100, AboveMinimum = true)]
    public double Shift { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>Whether the levels shift with the size of the image instead, σ → e^μ/(e^μ + 1/σ − 1), as FLUX.1-dev does.</summary>
    [Setting("dynamic")]
    public bool Dynamic { get; init; }

    /// <summary>μ of the dynamic shift; none: linear in the number of tokens, from the settings base_shift to max_tokens.</summary>
    [Setting("mu", -10, 10)]
    public double? Mu { get; init => field = Setting.Checked(this, value); }

    /// <summary>
    /// What a dynamic shift without a given μ follows. The default is FLUX.1's; FLUX.2 counts the steps as well, and its tokens are 1 cell wide.
    /// </summary>
    [Setting("mu_rule")]
    public FlowMu MuRule { get; init; } = FlowMu.Tokens;

    /// <summary>μ at <see cref="BaseTokenCount"/> tokens. The default is FLUX's.</summary>
    [Setting("base_shift", -10, 10)]
    public double BaseShift { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>μ at <see cref="MaxTokenCount"/> tokens. The default is FLUX's.</summary>
    [Setting("max_shift", -10, 10)]
    public double MaxShift { get; init => field = Setting.Checked(this, value); } = 1.15;

    /// <summary>The number of image tokens that <see cref="BaseShift"/> is for. The default is FLUX's.</summary>
    [Setting("base_tokens", 1, 1_000_000, Unit = "tokens")]
    public int BaseTokenCount { get; init => field = Setting.Checked(this, value); } = 256;

    /// <summary>The number of image tokens that <see cref="MaxShift"/> is for, not <see cref="BaseTokenCount"/>. The default is FLUX's.</summary>
    [Setting("max_tokens", 1, 1_000_000, Unit = "tokens")]
    public int MaxTokenCount { get; init => field = Setting.Checked(this, value); } = 4096;

    /// <summary>Side of a token, to compute the number of tokens from the size of the latent. The default is FLUX's.</summary>
    [Setting("patch_size", 1, 64, Unit = "latent cells")]
    public int PatchSize { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>How μ shifts a level. The default is FLUX's.</summary>
    [Setting("time_shift")]
    public FlowShift ShiftKind { get; init; } = FlowShift.Exponential;

    /// <summary>
    /// Noise level at which the last step begins: the shifted levels are stretched to end there, as diffusers' shift_terminal; none: no stretching.
    /// LTX-Video has 0.1.
    /// </summary>
    [Setting("terminal", 0, 1, AboveMinimum = true, BelowMaximum = true)]
    public double? Terminal { get; init => field = Setting.Checked(this, value); }

    /// <summary>Where the levels lie before the shift.</summary>
    [Setting("grid")]
    public FlowGrid Grid { get; init; } = FlowGrid.EqualParts;

    /// <summary>Steps at the beginning that are not taken, for runs that begin with a noised picture. Default: none.</summary>
    internal int SkippedSteps { get; init; }

    /// <summary>The levels of a run, from 1 down, and a last 0: <paramref name="steps"/> + 1 numbers.</summary>
    /// <param name="latent">
    /// Shape of the latent; its size decides the dynamic shift: [1, channels, height, width], [1, channels, frames, height, width] or
    /// [1, tokens, channels].
    /// </param>
    /// <param name="steps">Number of steps, at least 1.</param>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public double[] Sigmas(Shape latent, int steps)
    {
        Validate();
        var mu = Dynamic ? Mu ?? MuFor(latent, steps) : 0;
        double Shifted(double sigma) => !Dynamic ? Shift * sigma / (1 + ((Shift - 1) * sigma))
            : ShiftKind == FlowShift.Exponential ? Math.Exp(mu) / (Math.Exp(mu) + (1 / sigma) - 1)
            : mu / (mu + (1 / sigma) - 1);

        // diffusers shifts the trained levels in its constructor and the chosen levels again, so that its smallest level is shifted twice.
        var smallest = Grid == FlowGrid.EqualParts ? 1.0 / steps : Dynamic ? 1.0 / TrainedStepCount : Shifted(1.0 / TrainedStepCount);
        var sigmas = new double[steps + 1];
        for (var i = 0; i < steps; i++)
        {
            sigmas[i] = Shifted(1 - (i * (1 - smallest) / Math.Max(1, steps - 1)));
        }

        if (Terminal is { } terminal)
        {
            Stretch(sigmas.AsSpan(0, steps), terminal);
        }

        return sigmas;
    }

    /// <summary>Refuses settings that exclude each other.</summary>
    internal void Validate()
    {
        if (Dynamic && Shift != 1)
        {
            throw new ArgumentException(FormattableString.Invariant($"A dynamic shift and the constant shift {Shift} exclude each other."));
        }

        if (MuRule != FlowMu.Tokens && !(Dynamic && Mu is null))
        {
            throw new ArgumentException("The rule for mu is of tokens and steps, which belongs to a dynamic shift without a given mu.");
        }

        if (!Dynamic && Mu is { } mu)
        {
            throw new ArgumentException(FormattableString.Invariant($"Mu is {mu} but the shift is constant; mu belongs to a dynamic shift."));
        }

        if (ShiftKind == FlowShift.Linear && !(Dynamic && Mu is null or > 0))
        {
            throw new ArgumentException(Dynamic
                ? FormattableString.Invariant($"Mu is {Mu} and the shift linear; a linear shift needs a mu above 0.")
                : "The time shift is linear but the shift is constant; the time shift belongs to a dynamic shift.");
        }

        if (BaseTokenCount == MaxTokenCount)
        {
            throw new ArgumentException($"BaseTokenCount and MaxTokenCount are both {MaxTokenCount}; they differ.");
        }
    }

    // 1 − σ grows in proportion until it ends at 1 − terminal; a run of one step begins at pure noise and has nothing to stretch.
    private static void Stretch(Span<double> sigmas, double terminal)
    {
        var factor = sigmas.Length > 1 ? (1 - terminal) / (1 - sigmas[^1]) : 1;
        foreach (ref var sigma in sigmas)
        {
            sigma = 1 - ((1 - sigma) * factor);
        }
    }

    private double MuFor(Shape latent, int steps)
    {
        long tokens = latent.Rank switch
        {
            3 => latent[1],
            4 or 5 => latent.Product(2, latent.Rank - 2) * (latent[^2] / PatchSize) * (latent[^1] / PatchSize),
            _ => throw new ArgumentException($"A dynamic shift counts tokens, which a latent {latent} does not tell; give mu."),
        };
        if (MuRule == FlowMu.TokensAndSteps)
        {
            // Two lines that Black Forest Labs fitted, as published in flux2's sampling.py.
            var (atTen, atTwoHundred) = ((8.73809524e-05 * tokens) + 1.89833333, (0.00016927 * tokens) + 0.45666666);
            return tokens > 4300 ? atTwoHundred : atTwoHundred + ((atTwoHundred - atTen) / 190 * (steps - 200));
        }

        return BaseShift + ((MaxShift - BaseShift) / (MaxTokenCount - BaseTokenCount) * (tokens - BaseTokenCount));
    }
}
