using System.Globalization;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>A learned router, and what was measured while it was learned.</summary>
public sealed class L2CFit
{
    private readonly DiffusionModel _model;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly ReuseTable _table;
    private readonly double[,] _errors;

    internal L2CFit(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, ReuseTable table, double[,] errors, double measuredError) =>
        (_model, _requests, _table, _errors, MeasuredError) = (model, requests, table, errors, measuredError);

    /// <summary>Share of the branches' FLOPs of every second call that is reused, 0 to 1.</summary>
    public required double ReusedShare { get; init; }

    /// <summary>Mean squared error of the latent after the step, summed over every second call, each from the uncached way.</summary>
    public double MeasuredError { get; }

    /// <summary>Branches that are reused, over the run.</summary>
    public int ReusedBranches => Enumerable.Range(0, _table.CallCount).Sum(call => _table.ReusedAt(call).Count());

    /// <summary>Branches that could be: those of every second call.</summary>
    public int Branches => _table.CallCount / 2 * _table.BranchCount;

    /// <summary>Share reused in the earlier and in the later half of the run.</summary>
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

    /// <summary>Writes the router as .safetensors, with the error of each branch reused alone (<c>reuse_error</c>) and notes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weights">Which weights it was learned on, as <see cref="ModelIdentity.HashOf"/> says it; null: not known.</param>
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

    /// <summary>The learned method, and the controls of equal cost that nothing was learned for.</summary>
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
