namespace Augur.Sampling;

/// <summary>A noise source that returns given numbers in order, such as those that another program saved.</summary>
public sealed class GivenNoise : INoiseSource
{
    private readonly ReadOnlyMemory<float> _values;
    private readonly string _name;
    private int _used;

    /// <summary>A source that starts at the first number.</summary>
    /// <param name="values">
    /// Unit Gaussian numbers, in the order in which a sample draws them: the starting latent, then the noise of each step.
    /// </param>
    /// <param name="name">For messages: where the numbers come from, such as a file. Default: "The given noise".</param>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public GivenNoise(ReadOnlyMemory<float> values, string name = "The given noise")
    {
        if (FirstNotFinite(values.Span) is var at and >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} has {values.Span[at]} at number {at}; noise is finite."));
        }

        (_values, _name) = (values, name);
    }

    /// <summary>Count of numbers not returned yet.</summary>
    public int Remaining => _values.Length - _used;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Fewer numbers are left than are asked for.</exception>
    public void Fill(Span<float> destination)
    {
        if (destination.Length > Remaining)
        {
            throw new InvalidOperationException(
                $"{_name} has {_values.Length} numbers, of which {_used} are used; a further {destination.Length} were asked for.");
        }

        _values.Span.Slice(_used, destination.Length).CopyTo(destination);
        _used += destination.Length;
    }

    /// <summary>Position of the first number that is NaN or infinite; negative where there is none.</summary>
    internal static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
