namespace Augur.Pipelines;

/// <summary>Bounds of a <see cref="GenerationEngine"/>. They bound memory and never change a picture.</summary>
public sealed record EngineOptions
{
    /// <summary>Most network rows in flight (a guided sample has two), at least 2. Default 32.</summary>
    public int MaxRows
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentException($"MaxRows is {value}; it is at least 2, for a guided sample.");
    } = 32;

    /// <summary>
    /// Most bytes for working memory and kept features of all samples in flight, not counting weights, decoding, and the modulations that a network
    /// keeps (<see cref="Catalogs.ModelOptions.ModulationBudget"/>); null: no limit. Samples wait their turn; one that would not fit alone keeps
    /// coarser features, and where not even that is enough its request is refused.
    /// </summary>
    public long? MemoryBudget
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentException($"The memory budget is {value} bytes; it lies above 0.");
    }

    /// <summary>
    /// Most requests that wait to begin, at least 1; null: any number. Beyond it, submitting throws a <see cref="QueueFullException"/>, and
    /// <see cref="GenerationEngine.SubmitAsync"/> waits.
    /// </summary>
    public int? MaxWaiting
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentException($"MaxWaiting is {value} requests; it is at least 1.");
    }
}
