namespace Augur.Sampling;

/// <summary>Where a sampler of tokens takes chance from.</summary>
internal interface ITokenChance
{
    /// <summary>Numbers of the exponential distribution of mean 1, one per token, for the draw at a place.</summary>
    void Race(int call, int place, Span<double> numbers);

    /// <summary>A number of the same distribution for the draw among places.</summary>
    double RaceOf(int call, int place);

    /// <summary>A number between 0 and 1 for a place.</summary>
    double Uniform(int call, int place);
}

/// <summary>Chance made of a sample's stream of normal numbers: half the sum of two squares is exponential, exactly and with fine tails.</summary>
internal sealed class NormalChance(NetworkAnswer answer) : ITokenChance
{
    private float[] _pairs = [];

    public void Race(int call, int place, Span<double> numbers)
    {
        Array.Resize(ref _pairs, 2 * numbers.Length);
        answer.Fill(_pairs);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ((double)_pairs[2 * i] * _pairs[2 * i] / 2) + ((double)_pairs[(2 * i) + 1] * _pairs[(2 * i) + 1] / 2);
        }
    }

    public double RaceOf(int call, int place)
    {
        Span<double> one = [0];
        Race(call, place, one);
        return one[0];
    }

    public double Uniform(int call, int place) => Math.Exp(-RaceOf(call, place));
}
