using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>What the other tokens get: the third part of every method that works on some tokens only. Immutable.</summary>
public interface ITokenRecovery
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>The branch's output for every token.</summary>
    /// <param name="site">The branch.</param>
    /// <param name="plan">Which were computed.</param>
    /// <param name="fresh">Computed for those that stay, [rows, k, channels].</param>
    /// <param name="kept">The output as it is kept, [rows, tokens, channels]; written to, and then returned. Null: nothing is kept.</param>
    Tensor Recover(Site site, TokenPlan plan, Tensor fresh, Tensor? kept);
}
