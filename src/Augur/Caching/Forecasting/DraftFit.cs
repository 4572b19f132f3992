using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>What of a draft model a memory budget leaves room for.</summary>
/// <param name="Forecaster">The rule.</param>
/// <param name="Granularity">Which features.</param>
/// <param name="State">Precision of what is kept.</param>
/// <param name="TermCount">Tensors kept of each feature at most.</param>
/// <param name="Note">What the budget cost; null: nothing.</param>
/// <param name="IsEnough">Whether anything can be kept at all; otherwise every call is computed.</param>
internal sealed record DraftFit(IForecaster Forecaster, Granularity Granularity, DType State, int TermCount, string? Note, bool IsEnough = true)
{
    /// <summary>Gives up the finest granularity first, then single precision, then orders, then forecasting.</summary>
    /// <param name="wanted">Rule, granularity and precision wanted.</param>
    /// <param name="run">The network's map, and the budget.</param>
    /// <param name="branchElements">Elements of one tensor of every branch that is kept, of one row.</param>
    /// <param name="blockElements">Elements of what granularity block keeps, of one row; 0 where the network has no such features.</param>
    /// <param name="verified">The block that is verified, which the network's output alone does not allow; null: none.</param>
    /// <param name="otherBytes">Kept besides, whatever is given up.</param>
    /// <exception cref="ArgumentException">The network has no such features.</exception>
    public static DraftFit Of(DraftSettings wanted, RunInfo run, long branchElements, long blockElements, Site? verified, long otherBytes)
    {
        var isVerified = verified is not null;
        if (wanted.Granularity == Granularity.Block && blockElements == 0)
        {
            throw new ArgumentException(
                "granularity=block keeps the stream behind the last block, and this network's blocks are no chain; granularity is branch or output.");
        }

        if (wanted.Granularity == Granularity.Branch && !run.Map.Branches.Any())
        {
            throw new ArgumentException("granularity=branch keeps residual branches, and this network has none; granularity is output.");
        }

        if (verified == Site.Output && (wanted.Granularity != Granularity.Block || run.AddsNoise))
        {
            throw new ArgumentException(run.AddsNoise
                ? "verifying the whole network forecasts what is inside it, which cannot know the fresh noise that this sampler adds at each step."
                : "where a U-Net is verified, what comes up inside its levels is forecast: granularity is block or output.");
        }

        if (wanted.Granularity == Granularity.Block && run.AddsNoise)
        {
            throw new ArgumentException(
                "granularity=block forecasts the stream behind the last block, which cannot know the fresh noise that this sampler adds at each "
                + "step; "
                + (isVerified ? "granularity is branch." : "granularity is branch or output."));
        }

        var hasBlocks = blockElements > 0 && !run.AddsNoise;
        var (leanest, smallest) = wanted.Tokens is not null ? (Granularity.Branch, DType.Float32) // tokens are written into kept branches
            : (!isVerified ? Granularity.Output : hasBlocks ? Granularity.Block : Granularity.Branch, DType.BFloat16);
        var (granularity, state, terms) = (wanted.Granularity, wanted.State, wanted.Forecaster.TermCount);
        while (run.MemoryBudget is { } budget && Bytes() > budget - otherBytes)
        {
            if (granularity < leanest)
            {
                granularity = granularity == Granularity.Branch && !hasBlocks ? Granularity.Output : granularity + 1;
            }
            else if (state != smallest)
            {
                state = DType.BFloat16;
            }
            else if (terms > 1)
            {
                terms--;
            }
            else
            {
                var least = $"a budget of {budget} bytes left room for nothing: forecasts keep {Bytes() + otherBytes} at least, "
                    + "so every call was computed";
                return new DraftFit(wanted.Forecaster, granularity, state, terms, least, IsEnough: false);
            }
        }

        var isWhole = (granularity, state, terms) == (wanted.Granularity, wanted.State, wanted.Forecaster.TermCount);
        var note = isWhole ? null
            : $"a budget of {run.MemoryBudget} bytes left room for granularity {Word(granularity)}, {state.ToString().ToLowerInvariant()}, "
                + $"{terms} of {wanted.Forecaster.TermCount} differences";
        return new DraftFit(wanted.Forecaster, granularity, state, terms, note);

        long Bytes() => terms * state.Size() * run.RowCount * granularity switch
        {
            Granularity.Branch => branchElements,
            Granularity.Block => blockElements,
            _ => run.Map.Output.ElementCount,
        };
    }

    /// <summary>As the command line writes it.</summary>
    public static string Word(Granularity granularity) => granularity.ToString().ToLowerInvariant();
}
