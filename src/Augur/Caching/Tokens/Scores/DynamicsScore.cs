using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="DynamicsScore"/>; the defaults are DaTo's.</summary>
public sealed record DynamicsScoreOptions
{
    /// <summary>Weight of the change of the answer between the last two calls.</summary>
    [Setting("weight", -100, 100)]
    public double Weight { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Weight of unit noise.</summary>
    [Setting("noise", 0, 100)]
    public double Noise { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Whether the sign of the weight is drawn at each choice, as in DaTo's released code.</summary>
    [Setting("random_sign")]
    public bool HasRandomSign { get; init; }

    /// <summary>Whether all guidance rows have the scores of the last one, the unconditional.</summary>
    [Setting("align")]
    public bool AlignsRows { get; init; } = true;
}

/// <summary>How much the network's answer at a token changed between the last two calls that ran it, and noise (DaTo, arXiv 2501.00375).</summary>
internal sealed record DynamicsScore(DynamicsScoreOptions Options) : ITokenScore
{
    internal static readonly SettingList<DynamicsScoreOptions> Settings = new("Score", "dynamics");

    public string Name => Settings.Format(Options);

    public bool IsOfInput => true;

    public ITokenScoring Open(RunInfo run) => new DynamicsScoring(Options, run, new SeededPruning(run.NotNull().Seed));
}

/// <summary>The dynamics of one sample.</summary>
internal sealed class DynamicsScoring(DynamicsScoreOptions options, RunInfo run, IPruningDraws draws) : DrawnScoring
{
    private float[]? _answer; // the last, [rows, tokens, outputs]
    private float[]? _dynamics; // mean |change| of a token between the last two answers, [rows, tokens]

    public override long ByteCount => sizeof(float) * ((_answer?.LongLength ?? 0) + (_dynamics?.LongLength ?? 0));

    public override bool Observes(Site site) => site == Site.Output && options.Weight != 0;

    public override void Observe(Site site, Tensor feature)
    {
        var (values, before, channels) = (feature.ToArray(), _answer, feature.Shape[2]);
        _answer = values;
        if (before is not null)
        {
            _dynamics ??= new float[values.Length / channels];
            for (var token = 0; token < _dynamics.Length; token++)
            {
                var sum = 0f;
                for (var c = token * channels; c < (token + 1) * channels; c++)
                {
                    sum += Math.Abs(values[c] - before[c]);
                }

                _dynamics[token] = sum / channels;
            }
        }
    }

    /// <summary>The last answer was reused: it does not change, and so nothing is dynamic.</summary>
    public void Repeat()
    {
        if (_dynamics is not null)
        {
            Array.Clear(_dynamics);
        }
        else if (_answer is not null)
        {
            _dynamics = new float[run.RowCount * run.Map.Output[0]];
        }
    }

    public override float[] Of(TokenView view)
    {
        var draw = NextDraw(view);
        var noise = draws.Noise(draw, view.Rows, view.Tokens);
        if (_dynamics is null || _dynamics.Length != noise.Length)
        {
            return Aligned(noise, view.Tokens);
        }

        var weight = (float)(options.HasRandomSign && draws.IsNegative(draw) ? -options.Weight : options.Weight);
        var share = (float)options.Noise;
        return Aligned([.. _dynamics.Zip(noise, (change, unit) => (weight * change) + (share * unit))], view.Tokens);
    }

    private float[] Aligned(float[] scores, int tokens)
    {
        var together = options.AlignsRows ? run.RowsPerSample : 1;
        for (var row = 0; together > 1 && row < scores.Length / tokens; row++)
        {
            var speaks = (row / together * together) + together - 1;
            scores.AsSpan(speaks * tokens, tokens).CopyTo(scores.AsSpan(row * tokens, tokens));
        }

        return scores;
    }
}
