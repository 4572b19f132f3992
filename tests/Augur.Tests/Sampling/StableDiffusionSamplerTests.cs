using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

/// <summary>What the samplers of Stable Diffusion's pipelines visit, beside the saved runs that they reproduce.</summary>
public sealed class StableDiffusionSamplerTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Multistep_visits_the_second_timestep_twice_in_its_first_two_steps()
    {
        var (times, steps) = Visited(new PndmSampler(new() { StepsOffset = 1 }), 5);
        Assert.Equal([801f, 601, 601, 401, 201, 1], times);
        Assert.Equal([0, 0, 1, 2, 3, 4], steps);
    }

    [Fact]
    public void Runge_Kutta_takes_four_calls_in_each_of_the_first_three_steps()
    {
        var (times, steps) = Visited(new PndmSampler(new() { RungeKutta = true }), 5);
        Assert.Equal([800f, 700, 700, 600, 600, 500, 500, 400, 400, 300, 300, 200, 200, 0], times);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4], steps);
        var error = Assert.ThrowsAny<ArgumentException>(() => Visited(new PndmSampler(new() { RungeKutta = true }), 3));
        Assert.StartsWith("Sampler pndm(runge_kutta=true) begins with 3 Runge-Kutta steps and takes more than these, not 3.", error.Message);
    }

    [Fact]
    public void Consistency_sampling_takes_some_of_the_distilled_timesteps_from_the_last()
    {
        Assert.Equal([999f, 759, 499, 259], Visited(new LcmSampler(), 4).Times);
        var error = Assert.ThrowsAny<ArgumentException>(() => Visited(new LcmSampler(new() { OriginalSteps = 8 }), 9));
        Assert.StartsWith("Sampler lcm(original_steps=8) takes 1 to 8 steps of the solver that it was distilled from, not 9.", error.Message);
    }

    [Theory]
    [InlineData("ddim(spacing=leading)")]
    [InlineData("dpm++(karras=true)")]
    [InlineData("dpm++2m-sde")]
    [InlineData("unipc")]
    [InlineData("pndm")]
    [InlineData("k-euler")]
    [InlineData("k-heun(spacing=leading)")]
    [InlineData("lms")]
    [InlineData("dpm++sde")]
    [InlineData("dpm++2s")]
    [InlineData("lcm")]
    public void A_run_that_skips_steps_visits_what_the_whole_run_visits_behind_them(string text)
    {
        var sampler = (IDiffusionSampler)Samplers.Parse(text);
        var skipping = sampler.With(sampler.Options with { SkippedSteps = 4 });
        var (whole, part) = (Visited(sampler, 10), Visited(skipping, 10));
        Assert.Equal(6, part.Steps.Distinct().Count());
        var rest = whole.Times.Zip(whole.Steps).Where(v => v.Second >= 4).Select(v => v.First).ToArray();

        // The first step of a multistep method without a past takes a call more.
        Assert.Equal(text == "pndm" ? [rest[0], rest[1], .. rest[1..]] : rest, part.Times);
        Assert.ThrowsAny<ArgumentException>(() => Visited(skipping, 4));
    }

    [Fact]
    public void A_guided_prediction_is_brought_back_to_the_deviation_of_the_conditional_one()
    {
        using var scope = TensorScope.Begin();
        var (conditional, other) = (Tensor.From(_backend, [1f, -1, 2, -2], [1, 1, 2, 2]), Tensor.From(_backend, [0f, 0, -1, 1], [1, 1, 2, 2]));
        var guided = Guide(0).ToArray();
        Assert.Equal([5f, -5, 14, -14], guided); // 0 + 5 · 1, −1 + 5 · 3
        Assert.Equal(Deviation(conditional.ToArray()), Deviation(Guide(1).ToArray()), 1e-5);
        var halfway = guided.Zip(Guide(1).ToArray(), (a, b) => (a + b) / 2);
        Assert.All(Guide(0.5).ToArray().Zip(halfway), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.ThrowsAny<ArgumentException>(() => new Guidance(5, Rescale: 1.5).Validated());

        Tensor Guide(double rescale) =>
            GuidedRows.Pair(Condition.Class(0), Condition.Class(1), new Guidance(5, Rescale: rescale)).Combine([conditional, other]);

        static double Deviation(float[] values) => Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1));
    }

    private (List<float> Times, List<int> Steps) Visited(ISampler sampler, int count)
    {
        using var scope = TensorScope.Begin();
        var (times, steps) = (new List<float>(), new List<int>());
        using var run = sampler.Begin(Tensor.Full(_backend, [1, 2], 1), count, Prediction.Epsilon);
        while (!run.IsFinished)
        {
            times.Add(run.Timestep);
            steps.Add(run.StepIndex);
            run.Advance(Tensor.Zeros(_backend, [1, 2]), null, new TorchCpuNoise(1));
        }

        return (times, steps);
    }
}
