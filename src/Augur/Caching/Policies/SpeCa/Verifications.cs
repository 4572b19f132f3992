using System.Globalization;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>How many tokens a verification computes, by name: all of them, or a share that is drawn.</summary>
internal static class Verifications
{
    private const string Kind = "Verification";

    /// <summary>Each is the share of the tokens, above 0 and at most 1.</summary>
    public static Catalog<double> Catalog { get; } = new(
        Kind,
        share => share == 1 ? "all" : string.Create(CultureInfo.InvariantCulture, $"sampled({share})"),
        Catalog<double>.Entry(Kind, "all", "Every token.", () => 1),
        Catalog<double>.Entry("sampled", "A drawn share of the tokens.", new SettingList<Sampled>(Kind, "sampled"), o => o.Share));

    /// <summary>Settings of <c>sampled</c>.</summary>
    private sealed record Sampled
    {
        /// <summary>Share of the tokens that is computed.</summary>
        [Setting("share", 0, 1, AboveMinimum = true, IsPositional = true)]
        public double Share { get; init => field = Setting.Checked(this, value); } = 0.1;
    }
}
