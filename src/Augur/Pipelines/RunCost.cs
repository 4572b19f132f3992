namespace Augur.Pipelines;

/// <summary>FLOPs and time that a sample has taken: its share, by rows, of the batched calls that it was in. A multiply-add is 2 FLOPs.</summary>
public sealed record RunCost
{
    /// <summary>FLOPs of computed features.</summary>
    public long ComputeFlops { get; init; }

    /// <summary>FLOPs of running blocks again to verify drafts.</summary>
    public long VerifyFlops { get; init; }

    /// <summary>FLOPs of forming forecasts.</summary>
    public long ForecastFlops { get; init; }

    /// <summary>FLOPs of drafted calls outside their forecasts and verification: embedding, modulation, the final layer.</summary>
    public long DraftFlops { get; init; }

    /// <summary>Everything executed.</summary>
    public long TotalFlops => ComputeFlops + VerifyFlops + ForecastFlops + DraftFlops;

    /// <summary>Time in computed calls.</summary>
    public TimeSpan ComputeTime { get; init; }

    /// <summary>Time in drafted calls, verification not counted.</summary>
    public TimeSpan ForecastTime { get; init; }

    /// <summary>Time in verification.</summary>
    public TimeSpan VerifyTime { get; init; }

    /// <summary>Time in guidance and the sampler.</summary>
    public TimeSpan SamplerTime { get; init; }

    /// <summary>Time from latent to pixels.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>All of it.</summary>
    public TimeSpan TotalTime => ComputeTime + ForecastTime + VerifyTime + SamplerTime + DecodeTime;

    /// <summary>Two costs together.</summary>
    public static RunCost operator +(RunCost a, RunCost b) => new()
    {
        ComputeFlops = a.NotNull().ComputeFlops + b.NotNull().ComputeFlops,
        VerifyFlops = a.VerifyFlops + b.VerifyFlops,
        ForecastFlops = a.ForecastFlops + b.ForecastFlops,
        DraftFlops = a.DraftFlops + b.DraftFlops,
        ComputeTime = a.ComputeTime + b.ComputeTime,
        ForecastTime = a.ForecastTime + b.ForecastTime,
        VerifyTime = a.VerifyTime + b.VerifyTime,
        SamplerTime = a.SamplerTime + b.SamplerTime,
        DecodeTime = a.DecodeTime + b.DecodeTime,
    };
}
