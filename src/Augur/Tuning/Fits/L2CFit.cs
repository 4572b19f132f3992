using System.Globalization;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>A learned router, with the figures measured during learning.</summary>
public sealed class L2CFit
{
    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly ReuseTable _table;
    private readonly double[,] _errors;

    internal L2CFit(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, ReuseTable table, double[,] errors, double measuredError) =>
        (_model, _requests, _table, _errors, MeasuredError) = (model, requests, table, errors, measuredError);

    /// <summary>Share of the branches' FLOPs of every second call that is saved by reuse, 0 to 1.</summary>
    public required double ReusedShare { get; init; }

    /// <summary>Mean squared error of the latent after the step, summed over every second call; each call starts from the uncached latent.</summary>
    public double MeasuredError { get; }

    /// <summary>Number of branches that are reused in a run.</summary>
    public int ReusedBranches => Enumerable.Range(0, _table.CallCount).Sum(call => _table.ReusedAt(call).Count());

    /// <summary>Number of branches that could be reused: those of every second call.</summary>
    public int Branches => _table.CallCount / 2 * _table.BranchCount;

    /// <summary>Shares of branches reused in the earlier and the later half of the run, 0 to 1.</summary>
    public (double Early, double Late) Halves
    {
        get
        {
            var middle = _table.CallCount / 2;
            return (Share(0, middle), Share(middle, _table.CallCount));

            double Share(int from, int to) =>
                Enumerable.Range(from, to - from).Where(call => call % 2 == 1).Select(call =>
                    _table.ReusedAt(call).Count() / (double)_table.BranchCount).DefaultIfEmpty().Average();
        }
    }

    /// <summary>Writes the router as .safetensors, with the error of reusing each branch alone (<c>reuse_error</c>) and metadata.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="weights">Hash of the model's weights from <see cref="ModelIdentity.HashOf"/>; null if unknown.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path, string? weights = null)
    {
        var first = _requests[0];
        var notes = new Dictionary<string, string>
        {
            ["method"] = "l2c",
            ["model"] = _model.Denoiser.Name,
            ["sampler"] = (first.Sampler ?? _model.Defaults.Sampler).Name,
            ["steps"] = Text(first.Steps),
            ["calls"] = Text(_table.CallCount),
            ["guidance"] = Text((first.Guidance ?? _model.Defaults.Guidance).Scale),
            ["samples"] = Text(_requests.Count),
            ["first_seed"] = Text(first.Seed),
            ["reused_share"] = Text(ReusedShare),
            ["measured_error"] = Text(MeasuredError),
            ["note"] =
                "router_logits and reuse_error are [calls, 2 x depth] from the cleanest call; reuse_error is the mean squared error "
                + "of the latent after the step when that branch alone repeats the call before; "
                + "measured_error is that of the chosen sets, summed over calls.",
        };
        if (weights is not null)
        {
            notes["weights"] = weights;
        }

        L2CRouter.Save(path, _table, [("reuse_error", _errors)], notes);
    }

    /// <summary>Policies for comparison: the learned one, and controls of equal cost without learning.</summary>
    /// <param name="path">Where the router was saved.</param>
    public IReadOnlyList<ICachePolicy> Rivals(string path)
    {
        var share = Math.Round(ReusedShare, 4);
        return [
            new L2CPolicy(new() { Router = path }),
            new L2CPolicy(new() { Mask = new RandomReuse { Share = share } }),
            new L2CPolicy(new() { Mask = new UniformReuse { Share = share } }),
        ];
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
