using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="UniPcSampler"/>. The defaults are those of diffusers' UniPCMultistepScheduler.</summary>
public sealed record UniPcOptions : MultistepOptions
{
    /// <summary>Order of the predictor; the corrector raises it by one at no further call.</summary>
    [Setting("order", 1, 3)]
    public int Order { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Whether each new output also corrects the step that led to it.</summary>
    [Setting("corrector")]
    public bool Corrector { get; init; } = true;
}

/// <summary>The unified predictor-corrector (Zhao et al., 2023), multistep on estimates of the image, with B₂(h) = e^h − 1.</summary>
/// <remarks>
/// The network's output is taken at the uncorrected latent, and belongs to the corrected one from then on, as in the paper's algorithm 1 and the
/// released code. The order is lowered at the end whatever the number of steps, as in diffusers.
/// </remarks>
public sealed class UniPcSampler(UniPcOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<UniPcOptions> Settings = new("Sampler", "unipc");

    /// <summary>The settings.</summary>
    public UniPcOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new UniPcSampler((UniPcOptions)options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        var plan = Options.Plan(steps);
        return new SamplerRun(noise, steps, steps, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        List<Tensor> images = []; // newest first
        Tensor? before = null; // the latent at the beginning of the step that led here
        var order = 0;
        foreach (var step in plan)
        {
            IEnumerable<Tensor> kept = before is null ? [] : [before, .. images.Skip(1)];
            yield return step.Ask(x) with { Estimate = images.FirstOrDefault(), Kept = [.. kept] };

            var image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            if (before is not null && Options.Corrector)
            {
                x = Move(plan, step.Index - 1, before, [.. images.Take(order)], image);
            }

            images.Insert(0, image);
            order = OrderAt(plan, step.Index, images.Count);
            before = x;
            x = Move(plan, step.Index, x, [.. images.Take(order)], ahead: null);
            images.RemoveRange(Math.Min(images.Count, Options.Order), images.Count - Math.Min(images.Count, Options.Order));
        }

        yield return SamplerQuestion.Result(plan.Length, x, images[0]);
    }

    private int OrderAt(DiffusionStep[] plan, int index, int known)
    {
        var order = Math.Min(known, Math.Min(Options.Order, Options.LowerOrderFinal ? plan.Length - index : Options.Order));
        for (var i = 1; i < order; i++)
        {
            order = plan[index - i].Alpha == plan[index - i + 1].Alpha ? i : order; // rounding can visit one timestep twice
        }

        return plan[index].AlphaNext == 1 || plan[index].AlphaNext == plan[index].Alpha ? 1 : order; // λ is infinite at the image
    }

    // The latent behind a step, from the one before it, estimates of the image (newest first) and, to correct it, the estimate there.
    private static Tensor Move(DiffusionStep[] plan, int index, Tensor x, Tensor[] images, Tensor? ahead)
    {
        var step = plan[index];
        var signal = Math.Sqrt(step.AlphaNext);
        var all = signal * (1 - (step.SigmaNext / step.Sigma)); // √ᾱ · (1 − e^{−h})
        var parts = new List<(double Factor, Tensor Term)> { (Math.Sqrt((1 - step.AlphaNext) / (1 - step.Alpha)), x) };
        var h = Math.Log(step.Sigma / step.SigmaNext);
        List<(double R, Tensor Image)> others =
            [.. images.Skip(1).Select((image, i) => (Math.Log(step.Sigma / plan[index - i - 1].Sigma) / h, image))];
        if (ahead is not null)
        {
            others.Add((1, ahead));
        }

        if (h == 0)
        {
            others.Clear(); // rounding can end a step where it begins
        }

        var weights = others.Count == 0 ? [] : Weights([.. others.Select(o => o.R)], h);
        var ofNewest = all;
        foreach (var ((r, image), weight) in others.Zip(weights))
        {
            parts.Add((all * weight / r, image));
            ofNewest -= all * weight / r;
        }

        parts.Add((ofNewest, images[0]));
        return Sum([.. parts]);
    }

    // The paper's theorem 3.1: Σₖ ρₖ · rₖ^(i−1) = i! · φᵢ₊₁(−h) / B for i = 1, 2, …; one equation has the solution ½ for every r, as released.
    private static double[] Weights(double[] r, double h)
    {
        if (r.Length == 1)
        {
            return [0.5];
        }

        var b = -Math.Exp(-h) + 1; // −B₂(−h)
        var (phi, factorial) = ((b / h) - 1, 1.0);
        var matrix = new double[r.Length, r.Length];
        var right = new double[r.Length];
        for (var i = 0; i < r.Length; i++)
        {
            for (var k = 0; k < r.Length; k++)
            {
                matrix[i, k] = Math.Pow(r[k], i);
            }

            right[i] = phi * factorial / -b;
            factorial *= i + 2;
            phi = (phi / -h) - (1 / factorial);
        }

        return LinearSystem.Solve(matrix, right);
    }
}
