namespace Augur.Caching;

/// <summary>What a policy may know of a run before it begins.</summary>
public sealed record RunInfo
{
    /// <summary>What the network is made of for this request.</summary>
    public required NetworkMap Map { get; init; }

    /// <summary>Network calls that the sampler will make (not steps: some samplers call twice in a step).</summary>
    public required int CallCount { get; init; }

    /// <summary>Steps of the sampler; where the host does not say, there is a call a step.</summary>
    public int StepCount
    {
        get => field > 0 ? field : CallCount;
        init;
    }

    /// <summary>The part of the picture that is to change; null: all of it, or the host does not say.</summary>
    public EditRegion? Region { get; init; }

    /// <summary>Rows of the network's batch that this memory answers for: the guidance rows of all its samples, as many in every call.</summary>
    public required int RowCount { get; init; }

    /// <summary>Guidance rows of one sample, which stand together: 1, 2 (conditional, unconditional) or more.</summary>
    public int RowsPerSample { get; init; } = 1;

    /// <summary>Whether the sampler adds fresh noise on the way, which nothing that was kept of earlier calls can know.</summary>
    public bool AddsNoise { get; init; }

    /// <summary>How the network's answers lead the latent.</summary>
    public LatentPath Path { get; init; }

    /// <summary>The sampler, as the command line writes it; null where the host does not say.</summary>
    public string? Sampler { get; init; }

    /// <summary>Scale of guidance; null where the host does not say.</summary>
    public double? Guidance { get; init; }

    /// <summary>For methods that draw.</summary>
    public long Seed { get; init; }

    /// <summary>Most bytes that kept features may take; null: no limit. A method keeps less where it must, and says so.</summary>
    public long? MemoryBudget { get; init; }
}
