namespace Augur.Caching;

/// <summary>FLOPs and time of a sample's rows in one network call; a multiply-add is 2 FLOPs.</summary>
/// <param name="Computed">FLOPs of features that were run, verification not counted.</param>
/// <param name="Verified">FLOPs of running blocks again to verify.</param>
/// <param name="Forecast">FLOPs of forming forecasts.</param>
/// <param name="VerifyTime">Share of the time in verification.</param>
internal readonly record struct CallCost(long Computed, long Verified, long Forecast, TimeSpan VerifyTime)
{
    /// <summary>Of several parts together.</summary>
    internal static CallCost Sum(IReadOnlyList<CallCost> parts) => parts.Count == 1 ? parts[0] : new(
        parts.Sum(p => p.Computed), parts.Sum(p => p.Verified), parts.Sum(p => p.Forecast), TimeSpan.FromTicks(parts.Sum(p => p.VerifyTime.Ticks)));
}

/// <summary>Who is charged for what in one batched network call.</summary>
/// <param name="map">FLOPs of the sites.</param>
/// <param name="rowCounts">Rows of each sample in the call.</param>
/// <param name="time">For the time of verification.</param>
internal sealed class CostLedger(NetworkMap map, IReadOnlyList<int> rowCounts, TimeProvider time)
{
    private readonly CallCost[] _costs = new CallCost[rowCounts.Count];

    /// <summary>What the call cost each sample.</summary>
    public IReadOnlyList<CallCost> Costs => _costs;

    /// <summary>A site was run for a sample's rows.</summary>
    /// <param name="sample">Whose.</param>
    /// <param name="site">Where.</param>
    /// <param name="tokens">For how many of its tokens; null: for all, which a site may have fewer of than what it reads.</param>
    /// <param name="isVerification">Whether to verify.</param>
    /// <param name="isClosed">Whether those tokens see each other only.</param>
    internal void Run(int sample, Site site, int? tokens, bool isVerification, bool isClosed = false)
    {
        var flops = map.FlopsOf(site, tokens, isClosed) * rowCounts[sample];
        ref var cost = ref _costs[sample];
        cost = isVerification ? cost with { Verified = cost.Verified + flops } : cost with { Computed = cost.Computed + flops };
    }

    /// <summary>A forecast was formed for a sample.</summary>
    internal void Form(int sample, long flops) => _costs[sample] = _costs[sample] with { Forecast = _costs[sample].Forecast + flops };

    /// <summary>A verification begins.</summary>
    internal long BeginVerification() => time.GetTimestamp();

    /// <summary>A verification is over; its samples share the time by their rows.</summary>
    internal void EndVerification(long began, IReadOnlyCollection<int> samples)
    {
        var perRow = time.GetElapsedTime(began) / samples.Sum(s => rowCounts[s]);
        foreach (var sample in samples)
        {
            _costs[sample] = _costs[sample] with { VerifyTime = _costs[sample].VerifyTime + (perRow * rowCounts[sample]) };
        }
    }
}
