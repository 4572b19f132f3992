namespace Augur.Replay;

/// <summary>Guidance as DiT's released code returns it: both rows get the guided first channels and keep their own remaining channels.</summary>
internal static class ReleasedGuidance
{
    /// <summary>Both rows after guidance.</summary>
    /// <param name="conditional">The network's output for the conditional row, channels outermost.</param>
    /// <param name="unconditional">The same for the unconditional row.</param>
    /// <param name="scale">Guidance scale.</param>
    /// <param name="guided">Number of elements from the front that are guided.</param>
    public static (float[] Conditional, float[] Unconditional) Apply(
        ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale, int guided)
    {
        float[] first = [.. conditional], second = [.. unconditional];
        for (var i = 0; i < guided; i++)
        {
            first[i] = second[i] = unconditional[i] + ((float)scale * (conditional[i] - unconditional[i]));
        }

        return (first, second);
    }
}
