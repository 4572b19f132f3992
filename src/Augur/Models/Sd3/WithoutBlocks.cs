using Augur.Conditioning;

namespace Augur.Models.Sd3;

/// <summary>A text under which some blocks are left out.</summary>
/// <param name="Text">Which.</param>
internal sealed record WithoutBlocks(Condition Text) : Condition
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Text} without some blocks";
}
