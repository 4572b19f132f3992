using System.Globalization;

namespace Augur.Conditioning;

/// <summary>
/// The part of a run in which guidance acts, as Kynkäänniemi et al. have it (2024, "Applying guidance in a limited interval improves sample and
/// distribution quality in diffusion models", arXiv 2404.07724): outside of it only the conditional row is computed, and the prediction is that
/// row's. It saves the other rows and changes the picture. The paper has bounds of the noise level; here they are shares of the network calls.
/// </summary>
/// <param name="Start">Share of the run's network calls that have gone before, 0 to 1; 0 is pure noise. Below <paramref name="End"/>.</param>
/// <param name="End">Share at which it ends, 0 to 1.</param>
public readonly record struct GuidanceInterval(double Start, double End)
{
    /// <summary>What <see cref="TryParse"/> reads, in words.</summary>
    public const string Values = "two shares of the run's calls from 0 to 1, the lower one first, such as 0.2-0.8";

    private const double Rounding = 1e-9; // 0.07 · 100 is above 7

    /// <summary>The whole run.</summary>
    public static GuidanceInterval Whole { get; } = new(0, 1);

    /// <summary>Whether both are shares, and something lies between them.</summary>
    public bool IsValid => Start >= 0 && Start < End && End <= 1;

    /// <summary>Reads <c>0.2-0.8</c>.</summary>
    /// <param name="text">The text; a null is none.</param>
    /// <param name="interval">A valid interval, where the answer is true.</param>
    public static bool TryParse(string? text, out GuidanceInterval interval)
    {
        var parts = (text ?? "").Split('-');
        var isRead = Share(parts[0], out var start) & Share(parts[^1], out var end);
        interval = new(start, end);
        return isRead && parts.Length == 2 && interval.IsValid;
    }

    /// <summary>Whether all guidance rows of a call are computed.</summary>
    /// <param name="call">Calls before this one.</param>
    /// <param name="calls">Calls of the run.</param>
    public bool Holds(int call, int calls) => call >= First(Start, calls) && call < First(End, calls);

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start:0.################}-{End:0.################}");

    // The first call that has such a share of them before it.
    private static int First(double share, int calls) => (int)Math.Ceiling((share * calls) - Rounding);

    private static bool Share(string text, out double share) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share);
}
