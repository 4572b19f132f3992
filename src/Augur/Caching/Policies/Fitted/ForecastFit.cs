namespace Augur.Caching.Policies;

/// <summary>Computed calls of a run, and what is added to the forecasts between them.</summary>
/// <param name="Computed">Computed calls, ascending.</param>
/// <param name="Opening">
/// Weights [2][K] of the drafts before the first computed call, of the noise and the mean picture; empty where the first call is computed.
/// </param>
/// <param name="Weights">
/// For each computed call, of the drafts after it: weights [features][K]. Features are the noise, the mean picture, then every row of every computed
/// call so far. Empty where no draft follows.
/// </param>
/// <param name="Heads">
/// For each computed call, what its last stream adds to these drafts: a linear map [K][rows · width] of a token. Empty where it says nothing.
/// </param>
internal sealed record ForecastPlan(int[] Computed, float[][] Opening, float[][][] Weights, float[][][] Heads)
{
    /// <summary>Features known before any call: the noise and the mean picture.</summary>
    public const int Known = 2;

    /// <summary>Features known behind some computed calls.</summary>
    /// <param name="count">Computed calls so far.</param>
    /// <param name="rows">Guidance rows.</param>
    public static int FeatureCount(int count, int rows) => Known + (rows * count);
}

/// <summary>
/// What <c>augur fit forecast</c> learned: to each draft of a rule, a combination of the noise, of the mean picture and of all computed outputs is
/// added, weighed so that the latent that the network sees next is nearest to the uncached one. Every direction of a token has its own weights. A
/// linear head on the last computed call's stream adds what the outputs do not say. The first calls may be drafts too: of noise alone and the mean
/// picture. Holds for one network, sampler, number of steps and guidance.
/// </summary>
/// <remarks>
/// The form contains every linear forecaster (Taylor, Hermite, Adams-Bashforth, FoCa) and L2P's (arXiv 2604.26365), which weighs whole outputs by one
/// number each.
/// </remarks>
internal sealed record ForecastFit
{
    /// <summary>For messages: the file.</summary>
    public required string Name { get; init; }

    /// <summary>The rule that drafts follow without the fit.</summary>
    public required string Draft { get; init; }

    /// <summary>The sampler, as the command line writes it.</summary>
    public required string Sampler { get; init; }

    /// <summary>Scale of guidance.</summary>
    public required double Guidance { get; init; }

    /// <summary>Guidance rows of a sample.</summary>
    public required int Rows { get; init; }

    /// <summary>Network calls of a run.</summary>
    public required int Calls { get; init; }

    /// <summary>Outputs of the network for each token, the learned variance included.</summary>
    public required int Outputs { get; init; }

    /// <summary>Tokens of a picture.</summary>
    public required int Tokens { get; init; }

    /// <summary>Channels of the stream that heads read; 0: there are no heads.</summary>
    public required int Width { get; init; }

    /// <summary>Which of the outputs are the latent's, ascending; K of them.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Orthonormal directions of a token, [K][K]; those with own weights.</summary>
    public required float[][] Basis { get; init; }

    /// <summary>The mean of finished calibration latents, in the directions, [tokens · K].</summary>
    public required float[] Mean { get; init; }

    /// <summary>One for each number of computed calls.</summary>
    public required ForecastPlan[] Plans { get; init; }

    /// <summary>The plan with a number of computed calls.</summary>
    /// <exception cref="ArgumentException">There is none; the message says which there are.</exception>
    public ForecastPlan PlanOf(int computed) => Array.Find(Plans, plan => plan.Computed.Length == computed)
        ?? throw new ArgumentException(
            $"Policy augur: the fit {Name} is for {string.Join(", ", Plans.Select(p => p.Computed.Length))} computed calls, not for {computed}.");

    /// <summary>Refuses a run that the fit was not made for.</summary>
    /// <exception cref="ArgumentException">It differs; the message has both values.</exception>
    public void Require(RunInfo run)
    {
        var asked = (run.CallCount, run.Sampler ?? Sampler, run.Guidance ?? Guidance, run.RowsPerSample, run.Map.Output[1]);
        if (run.AddsNoise || asked != (Calls, Sampler, Guidance, Rows, Outputs))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Policy augur: the fit {Name} is for {Calls} calls of {Sampler} at guidance {Guidance} ({Rows} rows of {Outputs} outputs a token); ")
                + FormattableString.Invariant(
                $"this run makes {run.CallCount} calls of {run.Sampler ?? "a sampler that adds noise"} at guidance {asked.Item3} ")
                + $"({run.RowsPerSample} rows of {run.Map.Output[1]}); augur fit forecast makes a fit for it.");
        }

        if (run.Map.Output[0] != Tokens)
        {
            throw new ArgumentException($"Policy augur: the fit {Name} is for {Tokens} tokens; this run's network has {run.Map.Output[0]}.");
        }

        if (Width != 0 && LastStream.Of(run.Map)?.Width != Width)
        {
            throw new ArgumentException(
                $"Policy augur: the fit {Name} reads a last stream of {Width} channels; this network has "
                + (LastStream.Of(run.Map) is { } stream ? $"one of {stream.Width}." : "none whose tokens are those of its output."));
        }

        run.Map.RequireSignal("Policy augur with a fit", Site.Output, Signal.NetworkInput);
    }
}
