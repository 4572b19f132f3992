using Augur.Notation;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="FlowInversion"/>; the defaults are EEdit's for edits by a mask.</summary>
public sealed record FlowInversionOptions
{
    /// <summary>
    /// How much the path is drawn towards the noise that is aimed at, in place of the network's velocity: 0 not at all, 1 the straight line, on which
    /// the network is without effect (γ of RF inversion, arXiv 2410.10792).
    /// </summary>
    [Setting("gamma", 0, 1)]
    public double Gamma { get; init => field = Setting.Checked(this, value); } = 0.7;

    /// <summary>Steps from one call to the next; between them the velocity is held (EEdit's skipping of steps). 1 calls in every step.</summary>
    [Setting("skip", 1, 1000, Unit = "steps")]
    public int Skip { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>
    /// Whether the grid of times has an entry more than there are steps, as in the released code for compositions and drags. Ours: no.
    /// </summary>
    [Setting("extra_entry")]
    public bool HasExtraEntry { get; init; }
}

/// <summary>Settings of <see cref="DiffusionInversion"/>.</summary>
public sealed record DiffusionInversionOptions
{
    /// <summary>Steps from one call to the next; between them the estimate of the noise is held. 1 calls in every step.</summary>
    [Setting("skip", 1, 1000, Unit = "steps")]
    public int Skip { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>
    /// Calls of a step that has any: the first reads the latent before the step, each further one what the one before led to, which nears the exact
    /// inverse of a DDIM step. 1 is DDIM inversion as published.
    /// </summary>
    [Setting("iterations", 1, 100, Unit = "calls")]
    public int Iterations { get; init => field = Setting.Checked(this, value); } = 1;
}
