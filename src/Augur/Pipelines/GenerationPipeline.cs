using Augur.Caching;
using Augur.Decoding;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>From requests to pictures, in this process. Any number of threads may use one pipeline at once; runs do not meet.</summary>
/// <param name="model">Network, decoder and defaults; the caller disposes it.</param>
/// <param name="time">Clock for reports; default the system's.</param>
public sealed class GenerationPipeline(DiffusionModel model, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Most network rows in one batched call (a guided sample has two); at least 2. Bounds memory, never changes a picture. Default 32.</summary>
    public int MaxRows { get; init; } = 32;

    /// <summary>Draws one picture.</summary>
    /// <inheritdoc cref="GenerateAsync(IReadOnlyList{GenerationRequest}, Action{StepEvent}?, CancellationToken)"/>
    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, Action<StepEvent>? onStep = null, CancellationToken cancellationToken = default) =>
        (await GenerateAsync([request], onStep, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Draws several pictures together, in batched network calls; each is what it would be alone, bit for bit.</summary>
    /// <param name="requests">At least one.</param>
    /// <param name="onStep">Called after each sampler step of each sample, from the worker thread.</param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">A request that this model cannot serve; the message names the option and its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled at a step boundary.</exception>
    public Task<IReadOnlyList<GenerationResult>> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep = null, CancellationToken cancellationToken = default)
    {
        foreach (var request in requests)
        {
            Validate(request);
        }

        return Task.Run<IReadOnlyList<GenerationResult>>(() => Generate(requests, onStep, cancellationToken), cancellationToken);
    }

    private GenerationResult[] Generate(IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        var results = new GenerationResult[requests.Count];

        // Requests of one policy share its door, as many at a time as the memory bound allows.
        foreach (var group in requests.Index().GroupBy(r => r.Item.Cache))
        {
            var rowsPerSample = group.Max(r => GuidanceOf(r.Item).NeedsUnconditional ? 2 : 1);
            foreach (var batch in group.Chunk(Math.Max(1, MaxRows / rowsPerSample)))
            {
                Run(group.Key, batch, results, onStep, cancellationToken);
            }
        }

        return results;
    }

    private void Run(
        ICachePolicy policy, (int Index, GenerationRequest Item)[] batch, GenerationResult[] results, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        var trajectories = new List<Trajectory>();
        try
        {
            foreach (var (index, request) in batch)
            {
                trajectories.Add(Begin(index, request));
            }

            using var cache = policy.Open(new RunInfo(model.Denoiser.Depth, trajectories.Max(t => t.Run.CallCount), batch[0].Item.Seed));
            var began = _time.GetTimestamp();
            Advance(trajectories, cache, onStep, cancellationToken);
            var networkTime = _time.GetElapsedTime(began) / batch.Length;
            foreach (var (trajectory, (index, request)) in trajectories.Zip(batch))
            {
                results[index] = Finish(trajectory, request, networkTime);
            }
        }
        finally
        {
            foreach (var trajectory in trajectories)
            {
                trajectory.Dispose();
            }
        }
    }

    private Trajectory Begin(int index, GenerationRequest request)
    {
        var shape = model.Denoiser.LatentShape;
        var values = new float[shape.ElementCount];
        var noise = request.Noise(request.Seed);
        noise.Fill(values);
        using var latent = Tensor.From(model.Denoiser.Backend, values, [1, shape[0], shape[1], shape[2]]);
        var run = SamplerOf(request).Begin(latent, request.Steps, model.Denoiser.Prediction);
        return new Trajectory(index, request.Label, GuidanceOf(request), run, noise);
    }

    private void Advance(List<Trajectory> trajectories, IFeatureCache cache, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        while (trajectories.Where(t => !t.Run.IsFinished).ToArray() is { Length: > 0 } active)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var steps = Array.ConvertAll(active, t => t.Run.StepIndex);
            Engine.Tick(model.Denoiser, active, cache);
            foreach (var (trajectory, step) in active.Zip(steps))
            {
                if (onStep is not null && (trajectory.Run.IsFinished || trajectory.Run.StepIndex != step))
                {
                    onStep(new StepEvent(trajectory.Sample, step, trajectory.Run.StepCount, trajectory.Outcomes[^1], () => trajectory.Run.Estimate is { } estimate ? LatentPreview.Draw(estimate, isPixels: model.Decoder is PixelDecoder) : null));
                }
            }
        }
    }

    private GenerationResult Finish(Trajectory trajectory, GenerationRequest request, TimeSpan networkTime)
    {
        using var scope = TensorScope.Begin();
        var began = _time.GetTimestamp();
        var image = model.Decoder.Decode(trajectory.Run.Latent)[0];
        return new GenerationResult(request, image, trajectory.Run.Latent.ToArray(), new GenerationReport
        {
            Policy = request.Cache.Name,
            Sampler = SamplerOf(request).Name,
            Steps = request.Steps,
            Calls = trajectory.Run.CallCount,
            Flops = model.Denoiser.FlopsPerRow * trajectory.RowCount * trajectory.Run.CallCount,
            NetworkTime = networkTime,
            DecodeTime = _time.GetElapsedTime(began),
        });
    }

    private Guidance GuidanceOf(GenerationRequest request) => request.Guidance ?? model.Defaults.Guidance;

    private ISampler SamplerOf(GenerationRequest request) => request.Sampler ?? model.Defaults.Sampler;

    private void Validate(GenerationRequest request)
    {
        if (request.Label < 0 || request.Label > model.Denoiser.ClassCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(request), $"Class {request.Label} is not one of this model's 0 to {model.Denoiser.ClassCount - 1} ({model.Denoiser.ClassCount} is the null class).");
        }

        if (request.Steps is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(request), $"Steps can be 1 to 1000, not {request.Steps}.");
        }

        GuidanceOf(request).Validated();
        var sampler = SamplerOf(request);
        if (!sampler.Accepts(model.Denoiser.Prediction))
        {
            throw new ArgumentException($"The sampler {sampler.Name} cannot follow a network that predicts {model.Denoiser.Prediction.ToString().ToLowerInvariant()}.");
        }
    }
}
