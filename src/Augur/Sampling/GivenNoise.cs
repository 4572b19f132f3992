namespace Augur.Sampling;

/// <summary>Numbers that were saved elsewhere, handed out in order.</summary>
/// <param name="values">Unit Gaussian numbers, in the order in which a sample draws them: the starting latent, then the noise of each step.</param>
public sealed class GivenNoise(ReadOnlyMemory<float> values) : INoiseSource
{
    private int _used;

    /// <summary>Numbers that are left.</summary>
    public int Remaining => values.Length - _used;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Fewer numbers are left than are asked for.</exception>
    public void Fill(Span<float> destination)
    {
        if (destination.Length > Remaining)
        {
            throw new InvalidOperationException(
                $"The given noise has {values.Length} numbers, of which {_used} are used; a further {destination.Length} were asked for.");
        }

        values.Span.Slice(_used, destination.Length).CopyTo(destination);
        _used += destination.Length;
    }
}
