namespace Augur.Pipelines;

/// <summary>From requests to pictures, in this process. Any number of threads may use one pipeline at once; runs do not meet.</summary>
/// <param name="model">Network, decoder and defaults; the caller disposes it.</param>
/// <param name="time">Clock for reports; default the system's.</param>
public sealed class GenerationPipeline(DiffusionModel model, TimeProvider? time = null)
{
    private readonly DiffusionModel _model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>Bounds of memory; they never change a picture.</summary>
    public EngineOptions Options { get; init; } = new();

    /// <summary>Draws one picture.</summary>
    /// <inheritdoc cref="GenerateAsync(IReadOnlyList{GenerationRequest}, Action{StepEvent}?, CancellationToken)"/>
    public async Task<GenerationResult> GenerateAsync(
        GenerationRequest request, Action<StepEvent>? onStep = null, CancellationToken cancellationToken = default) =>
        (await GenerateAsync([request], onStep, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>
    /// Draws several pictures together, in batched network calls; each is what it would be alone, bit for bit (unless its method decides for a
    /// batch).
    /// </summary>
    /// <param name="requests">At least one.</param>
    /// <param name="onStep">
    /// Called after each sampler step of each sample, in the order of its steps, before its result; from a thread of the pool, never two at once.
    /// Network calls do not wait for it. What it throws ends the run.
    /// </param>
    /// <param name="cancellationToken">Looked at once per network call.</param>
    /// <exception cref="ArgumentException">A request that this model cannot serve; the message names the option and its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled at a step boundary.</exception>
    public async Task<IReadOnlyList<GenerationResult>> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep = null, CancellationToken cancellationToken = default)
    {
        var turn = new Lock();
        Action<StepEvent>? inTurn = onStep is null ? null : step =>
        {
            lock (turn)
            {
                onStep(step);
            }
        };
        var engine = new GenerationEngine(_model, Options, time);
        await using (engine.ConfigureAwait(false))
        {
            var results = new List<GenerationResult>();
            foreach (var ticket in engine.Submit(requests.NotNull(), inTurn, cancellationToken))
            {
                results.Add(await ticket.Result.ConfigureAwait(false));
            }

            return results;
        }
    }
}
