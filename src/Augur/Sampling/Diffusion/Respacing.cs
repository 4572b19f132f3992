using System.Globalization;

namespace Augur.Sampling;

/// <summary>
/// Selects the trained timesteps that a respacing such as "50" or "10,15,20" names, by the DiT package's rule (from improved-diffusion).
/// </summary>
internal static class Respacing
{
    private const string DdimPrefix = "ddim";

    /// <summary>The chosen timesteps of 0 to <paramref name="available"/> − 1, ascending and distinct.</summary>
    public static IReadOnlyList<int> Select(string respacing, int available)
    {
        if (respacing.StartsWith(DdimPrefix, StringComparison.Ordinal))
        {
            return EqualStride(Number(respacing[DdimPrefix.Length..], respacing), available);
        }

        var counts = respacing.Split(',').Select(part => Number(part, respacing)).ToArray();
        var chosen = new SortedSet<int>();
        int start = 0, size = available / counts.Length, larger = available % counts.Length;
        for (var section = 0; section < counts.Length; section++)
        {
            var length = size + (section < larger ? 1 : 0);
            if (counts[section] > length)
            {
                throw new ArgumentException(
                    $"Respacing \"{respacing}\": {counts[section]} timesteps cannot be taken from a section of {length}.", nameof(respacing));
            }

            AddSpread(chosen, start, length, counts[section]);
            start += length;
        }

        return [.. chosen];
    }

    /// <summary>Every n-th timestep from 0, for the n that gives the wanted count.</summary>
    public static IReadOnlyList<int> EqualStride(int count, int available)
    {
        for (var stride = 1; stride < available; stride++)
        {
            if ((available + stride - 1) / stride == count)
            {
                return [.. Enumerable.Range(0, count).Select(i => i * stride)];
            }
        }

        throw new ArgumentException($"Respacing \"ddim{count}\": no whole stride takes {count} of {available} timesteps.");
    }

    // As in the original, the stride is added up, not multiplied, and halves round to even: both affect which timesteps are chosen.
    private static void AddSpread(SortedSet<int> chosen, int start, int length, int count)
    {
        var stride = count <= 1 ? 1 : (length - 1) / (double)(count - 1);
        var position = 0.0;
        for (var i = 0; i < count; i++)
        {
            chosen.Add(start + (int)Math.Round(position, MidpointRounding.ToEven));
            position += stride;
        }
    }

    private static int Number(string text, string respacing) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new ArgumentException($"Respacing \"{respacing}\": \"{text}\" is not a number of timesteps.", nameof(respacing));
}
