using Augur.Conditioning;

namespace Augur.Models;

/// <summary>A class as class-conditional networks see it: its number.</summary>
/// <param name="label">From 0; the number of classes is the null class.</param>
public sealed class ClassLabel(int label) : EncodedCondition
{
    /// <summary>Its number.</summary>
    public int Label => label;
}
