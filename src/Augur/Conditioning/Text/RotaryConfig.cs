using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>How rotary frequencies are stretched beyond the length of training.</summary>
public enum RotaryScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All frequencies divided by the factor (Chen et al., 2023, arXiv 2306.15595).</summary>
    Linear,

    /// <summary>A larger base for texts longer than those of training (NTK-aware).</summary>
    Dynamic,

    /// <summary>Low frequencies divided, high ones kept, with a factor for the scores (Peng et al., 2023, arXiv 2309.00071).</summary>
    Yarn,

    /// <summary>Low frequencies divided, high ones kept, by wavelength (Llama 3.1).</summary>
    Llama3,
}

/// <summary>Rotary positions (Su et al., 2021, arXiv 2104.09864) of a decoder.</summary>
public sealed record RotaryConfig
{
    /// <summary>Base of the frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>How they are stretched.</summary>
    public RotaryScaling Scaling { get; init; }

    /// <summary>By how much; at least 1.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Tokens of the texts of training: where stretching begins.</summary>
    public int TrainedLength { get; init; } = 2048;

    /// <summary>Llama 3: wavelengths longer than the trained length by this are divided.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths shorter than the trained length by this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>YaRN: turns within the trained length above which a frequency is kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: turns within the trained length below which a frequency is divided.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN: factor of cosines and sines; null: 0.1 ln(factor) + 1.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>Factor of cosines and sines.</summary>
    internal double Magnitude => Scaling == RotaryScaling.Yarn ? AttentionFactor ?? ((0.1 * Math.Log(Factor)) + 1) : 1;

    /// <summary>Frequencies of the pairs of a head, in radians a token.</summary>
    /// <param name="headChannels">Channels of a head, even.</param>
    /// <param name="length">Tokens of the text, which dynamic scaling depends on.</param>
    internal double[] Frequencies(int headChannels, int length)
    {
        var theta = Theta;
        if (Scaling == RotaryScaling.Dynamic && length > TrainedLength)
        {
            theta *= Math.Pow((Factor * length / TrainedLength) - (Factor - 1), headChannels / (headChannels - 2.0));
        }

        return [.. Enumerable.Range(0, headChannels / 2).Select(i => Scaled(Math.Pow(theta, -2.0 * i / headChannels), i, headChannels))];
    }

    /// <summary>Cosines and sines of positions from 0 on, [positions, headChannels / 2] each.</summary>
    internal (float[] Cosines, float[] Sines) Table(int headChannels, IReadOnlyList<long> positions, int length)
    {
        var frequencies = Frequencies(headChannels, length);
        var (cosines, sines) = (new float[positions.Count * frequencies.Length], new float[positions.Count * frequencies.Length]);
        for (var i = 0; i < cosines.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(positions[i / frequencies.Length] * frequencies[i % frequencies.Length]);
            (cosines[i], sines[i]) = ((float)(cosine * Magnitude), (float)(sine * Magnitude));
        }

        return (cosines, sines);
    }

    /// <summary>Reads <c>rope_theta</c> and <c>rope_scaling</c> (or <c>rope_parameters</c>) of a config.json.</summary>
    /// <exception cref="WeightFileException">The type is not built, or a number is out of range.</exception>
    internal static RotaryConfig Parse(ForeignJson json, RotaryConfig fallback)
    {
        var scaling = json.Find("rope_parameters") ?? json.Find("rope_scaling");
        var theta = json.Find("rope_theta") ?? scaling?.Find("rope_theta");
        var trained = scaling?.Find("original_max_position_embeddings") ?? json.Find("max_position_embeddings");
        var rotary = fallback with { Theta = Positive(theta) ?? fallback.Theta, TrainedLength = trained?.AsInteger() ?? fallback.TrainedLength };
        if (rotary.TrainedLength < 1)
        {
            throw trained!.Value.Error($"is {rotary.TrainedLength}; it is 1 at least.");
        }

        if (scaling is not { } given || (given.Find("rope_type") ?? given.Find("type")) is not { } type)
        {
            return rotary;
        }

        return rotary with
        {
            Factor = Positive(given.Find("factor")) ?? 1,
            LowFrequencyFactor = Positive(given.Find("low_freq_factor")) ?? rotary.LowFrequencyFactor,
            HighFrequencyFactor = Positive(given.Find("high_freq_factor")) ?? rotary.HighFrequencyFactor,
            BetaFast = Positive(given.Find("beta_fast")) ?? rotary.BetaFast,
            BetaSlow = Positive(given.Find("beta_slow")) ?? rotary.BetaSlow,
            AttentionFactor = Positive(given.Find("attention_factor")),
            Scaling = type.AsText() switch
            {
                "default" or "mrope" => RotaryScaling.None, // several axes are equal for text alone
                "linear" => RotaryScaling.Linear,
                "dynamic" => RotaryScaling.Dynamic,
                "yarn" => RotaryScaling.Yarn,
                "llama3" => RotaryScaling.Llama3,
                var other => throw type.Error($"is {WeightFileException.Quote(other)}; default, mrope, linear, dynamic, yarn and llama3 are built."),
            },
        };

        static double? Positive(ForeignJson? number) => number is not { } n ? null : n.AsNumber() > 0 ? n.AsNumber()
            : throw n.Error($"is {n.RawText}; it is positive.");
    }

    private double Scaled(double frequency, int pair, int headChannels) => Scaling switch
    {
        RotaryScaling.Linear => frequency / Factor,
        RotaryScaling.Llama3 => ByWavelength(frequency),
        RotaryScaling.Yarn => ByTurns(frequency, pair, headChannels),
        _ => frequency,
    };

    private double ByWavelength(double frequency)
    {
        var turns = TrainedLength * frequency / (2 * Math.PI);
        var share = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return turns > HighFrequencyFactor ? frequency : turns < LowFrequencyFactor ? frequency / Factor
            : ((1 - share) * frequency / Factor) + (share * frequency);
    }

    private double ByTurns(double frequency, int pair, int headChannels)
    {
        var low = Math.Max(Math.Floor(PairOf(BetaFast)), 0);
        var high = Math.Min(Math.Ceiling(PairOf(BetaSlow)), headChannels - 1);
        high = low == high ? high + 0.001 : high; // as in the original, against division by zero
        var divided = Math.Clamp((pair - low) / (high - low), 0, 1);
        return (frequency / Factor * divided) + (frequency * (1 - divided));

        double PairOf(double turns) => headChannels * Math.Log(TrainedLength / (turns * 2 * Math.PI)) / (2 * Math.Log(Theta));
    }
}
