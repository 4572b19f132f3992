using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>Draws requests through one engine.</summary>
internal static class EngineRun
{
    /// <summary>The finished pictures, in the order of the requests; fewer than those only when cancelled.</summary>
    /// <param name="model">What draws.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="onStep">Called after each step of each picture, from any thread.</param>
    /// <param name="cancellationToken">Stops what is not finished.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request.</exception>
    public static async Task<IReadOnlyList<GenerationResult>> DrawAsync(
        DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, Action onStep, CancellationToken cancellationToken)
    {
        await using var engine = new GenerationEngine(model, options);
        var tickets = engine.Submit(requests, cancellationToken);
        await Task.WhenAll(tickets.Select(t => FollowAsync(t, onStep)));
        return [.. tickets.Where(t => !t.Result.IsCanceled).Select(t => t.Result.GetAwaiter().GetResult())];
    }

    /// <summary>All pictures, in the order of the requests.</summary>
    /// <inheritdoc cref="DrawAsync"/>
    /// <exception cref="OperationCanceledException">Cancelled at a step boundary.</exception>
    public static async Task<IReadOnlyList<GenerationResult>> DrawAllAsync(
        DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, Action onStep, CancellationToken cancellationToken)
    {
        var finished = await DrawAsync(model, options, requests, onStep, cancellationToken);
        return finished.Count == requests.Count ? finished : throw new OperationCanceledException(cancellationToken);
    }

    private static async Task FollowAsync(GenerationTicket ticket, Action onStep)
    {
        await foreach (var _ in ticket.ReadEventsAsync())
        {
            onStep();
        }

        await ((Task)ticket.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
