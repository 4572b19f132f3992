using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// Linear multistep of up to fourth order between noise levels (k-diffusion; diffusers' LMSDiscreteScheduler): the slope is the polynomial through
/// those of the last four calls, integrated.
/// </summary>
public sealed class LmsSampler(SigmaOptions? options = null) : SigmaSampler(Settings, options)
{
    internal static readonly SettingList<SigmaOptions> Settings = new("Sampler", "lms");

    private const int Order = 4;

    // Gauss-Legendre of two points, exact up to the third degree that the polynomials have.
    private static readonly double s_node = 1 / Math.Sqrt(3);

    /// <inheritdoc/>
    public override bool AddsNoise => false;

    private protected override ISampler Made(SigmaOptions options) => new LmsSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction)
    {
        Tensor? image = null;
        var slopes = new List<Tensor>(); // the newest first
        foreach (var step in plan.Steps)
        {
            yield return step.Ask(x) with { Estimate = image, Kept = [.. slopes] };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            slopes.Insert(0, step.SlopeBeside(x, image));
            (double, Tensor)[] parts = [.. slopes.Select((slope, i) => (Integral(plan.Steps, step, slopes.Count, i) / step.ScaleNext, slope))];
            x = Sum([(step.Scale / step.ScaleNext, x), .. parts]);
            slopes = [.. slopes.Take(Order - 1)];
        }

        yield return SamplerQuestion.Result(plan.Steps.Length, x, image);
    }

    // Over the step, of the Lagrange polynomial that is 1 at the level of the call that lies so many back, and 0 at those of the others.
    private static double Integral(SigmaStep[] steps, SigmaStep step, int count, int back)
    {
        var (middle, half) = ((step.SigmaNext + step.Sigma) / 2, (step.SigmaNext - step.Sigma) / 2);
        return half * (At(middle - (half * s_node)) + At(middle + (half * s_node)));

        double At(double sigma)
        {
            var own = steps[step.Index - back].Sigma;
            return Enumerable.Range(0, count).Where(k => k != back).Aggregate(1.0, (product, k) =>
                product * (sigma - steps[step.Index - k].Sigma) / (own - steps[step.Index - k].Sigma));
        }
    }
}
