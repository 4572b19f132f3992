namespace Augur.Caching.Tokens;

/// <summary>Where a method that draws takes its numbers from: a seed, or what another implementation saved.</summary>
internal interface IUniformDraws
{
    /// <summary>Uniform numbers in [0, 1); the same call and site give the same.</summary>
    /// <param name="callIndex">Network call of the sample.</param>
    /// <param name="site">Where they are drawn.</param>
    /// <param name="count">How many.</param>
    float[] Draw(int callIndex, Site site, int count);
}

/// <summary>Draws from a seed: SplitMix64 (Steele, Lea and Flood, 2014), for which any state is a good seed.</summary>
/// <param name="seed">Of the sample.</param>
internal sealed class SeededDraws(long seed) : IUniformDraws
{
    /// <inheritdoc/>
    public float[] Draw(int callIndex, Site site, int count)
    {
        var state = unchecked((ulong)seed + ((ulong)callIndex << 32) + ((ulong)site.Group << 24) + ((ulong)site.Layer << 8) + (ulong)site.Kind);
        state = Next(ref state); // neighbouring places begin far apart
        var draws = new float[count];
        for (var i = 0; i < count; i++)
        {
            draws[i] = (Next(ref state) >> 40) * (1f / (1 << 24));
        }

        return draws;
    }

    /// <summary>The next 64 random bits.</summary>
    internal static ulong Next(ref ulong state)
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
