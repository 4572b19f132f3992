using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>A score that the network measures at an attention when it computes it, used until it is computed again.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Signal">What is measured.</param>
/// <param name="Kind">The branches at which it is.</param>
/// <param name="Form">From a signal's numbers and shape to one number per token; null: it is one.</param>
internal sealed record MeasuredScore(string Name, Signal Signal, SiteKind Kind = SiteKind.Attention, Func<float[], Shape, float[]>? Form = null) : ITokenScore
{
    public bool IsOfInput => false;

    public ITokenScoring Open(RunInfo run)
    {
        NetworkSite[] measured = [.. run.NotNull().Map.Branches.Where(b => b.Site.Kind == Kind)];
        return measured.Length > 0 && Array.TrueForAll(measured, b => b.Signals.Contains(Signal)) ? new MeasuredScoring(this, run)
            : throw new ArgumentException($"Score {Name} looks at {Signal}, which this network does not offer.");
    }
}

/// <summary>The last measurements of one sample.</summary>
internal sealed class MeasuredScoring(MeasuredScore score, RunInfo run) : ITokenScoring
{
    private readonly Dictionary<(int Layer, TokenGroup Group), float[]> _measured = []; // when last computed
    private readonly DeferredRead _reads = new();
    private readonly List<(Site Site, Shape Shape, IndexTable? Tokens, Deferred<float[]> Signal)> _heard = []; // not read yet

    /// <summary>Of all blocks, reserved from the beginning.</summary>
    public long ByteCount { get; } =
        run.RowCount * run.Map.Branches.Where(b => b.Site.Kind == SiteKind.Mlp).Sum(b => (long)b.Feature[0] * sizeof(float));

    public Signal? Hears(Site site) => site.Kind == score.Kind ? score.Signal : null;

    public void Hear(Site site, Tensor signal) => _heard.Add((site, signal.NotNull().Shape, null, _reads.Numbers(signal)));

    public void Hear(Site site, IndexTable tokens, Tensor signal) => _heard.Add((site, signal.NotNull().Shape, tokens, _reads.Numbers(signal)));

    public float[] Of(TokenView view)
    {
        ReadMeasured();
        return _measured.TryGetValue((view.Site.Layer, view.Site.Group), out var measured) ? [.. measured]
            : throw new InvalidOperationException($"Score {score.Name}: nothing was measured at {view.Site}.");
    }

    public void Dispose() => _reads.Dispose();

    // What was measured of all branches since the last choice, with one wait, in the order in which it was measured.
    private void ReadMeasured()
    {
        foreach (var (site, shape, tokens, signal) in _heard)
        {
            if (tokens is null)
            {
                _measured[(site.Layer, site.Group)] = score.Form?.Invoke(signal.Value, shape) ?? signal.Value;
                continue;
            }

            var (known, fresh) = (_measured[(site.Layer, site.Group)], signal.Value);
            var chosen = tokens.Indices;
            for (var i = 0; i < fresh.Length; i++)
            {
                known[(i / tokens.Shape[1] * (known.Length / tokens.Shape[0])) + chosen[i]] = fresh[i];
            }
        }

        _heard.Clear();
    }
}
