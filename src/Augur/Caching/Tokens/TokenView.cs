using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>A branch at which tokens are chosen, within a call; valid during the call only.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Site">The branch.</param>
/// <param name="Input">What it reads, [rows, tokens, channels].</param>
/// <param name="Kept">Its output as it is kept, [rows, tokens, channels]; null: nothing is kept.</param>
public readonly record struct TokenView(NetworkCall Call, Site Site, Tensor Input, Tensor? Kept = null)
{
    /// <summary>Rows of the sample.</summary>
    public int Rows => Input.Shape[0];

    /// <summary>Tokens of a row.</summary>
    public int Tokens => Input.Shape[1];
}
