using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>What became of requests, each in the place of its request.</summary>
/// <param name="Results">Finished pictures; null: cancelled or failed.</param>
/// <param name="Problems">Why one failed; null: it did not.</param>
internal sealed record Drawn(IReadOnlyList<GenerationResult?> Results, IReadOnlyList<Exception?> Problems)
{
    /// <summary>The finished pictures alone.</summary>
    public IReadOnlyList<GenerationResult> Finished => [.. Results.OfType<GenerationResult>()];
}

/// <summary>Draws requests through one engine.</summary>
internal static class EngineRun
{
    /// <summary>What can be finished: a picture that fails takes no other with it.</summary>
    /// <param name="model">What draws.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="onStep">Called after each step of each picture, from any thread.</param>
    /// <param name="cancellationToken">Stops what is not finished.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request.</exception>
    public static async Task<Drawn> DrawAsync(
        DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, Action onStep, CancellationToken cancellationToken)
    {
        await using var engine = new GenerationEngine(model, options);
        var tickets = engine.Submit(requests, cancellationToken);
        await Task.WhenAll(tickets.Select(t => FollowAsync(t, onStep)));
        return new(
            [.. tickets.Select(t => t.Result.IsCompletedSuccessfully ? t.Result.GetAwaiter().GetResult() : null)],
            [.. tickets.Select(t => t.Result.Exception?.InnerException)]);
    }

    /// <summary>All pictures, in the order of the requests.</summary>
    /// <param name="model">What draws.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="requests">At least one.</param>
    /// <param name="keepsBroken">Whether results that hold NaN or infinity are returned as they are, to be counted, and not thrown.</param>
    /// <param name="onStep">Called after each step of each picture, from any thread.</param>
    /// <param name="cancellationToken">Stops what is not finished.</param>
    /// <exception cref="ArgumentException">The model cannot serve a request.</exception>
    /// <exception cref="OperationCanceledException">Cancelled at a step boundary.</exception>
    public static async Task<IReadOnlyList<GenerationResult>> DrawAllAsync(
        DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, bool keepsBroken,
        Action onStep, CancellationToken cancellationToken)
    {
        var drawn = await DrawAsync(model, options, requests, onStep, cancellationToken);
        GenerationResult? Kept(Exception? problem) => keepsBroken && problem is NotFiniteException broken ? broken.Result : null;

        var all = drawn.Results.Zip(drawn.Problems, (result, problem) => result ?? Kept(problem)).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] is null)
            {
                throw drawn.Problems[i] ?? new OperationCanceledException(cancellationToken);
            }
        }

        return [.. all.OfType<GenerationResult>()];
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
