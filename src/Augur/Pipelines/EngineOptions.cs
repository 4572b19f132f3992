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
    /// Most bytes for working memory and kept features of all samples in group, weights not counted; null: no limit. Samples wait their turn;
    /// a single sample that would not fit keeps coarser features.
    /// </summary>
    public long? MemoryBudget
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentException($"MemoryBudget is {value} bytes; it lies above 0.");
    }
}
