using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>The rules of extrapolation by name; every policy that drafts takes any of them.</summary>
public static class Forecasters
{
    private const string Kind = "Draft";

    internal static Catalog<IForecaster> Catalog { get; } = new(
        Kind,
        draft => draft.Name,
        Catalog<IForecaster>.Entry(Kind, "reuse", "Repeats the last computed feature.", () => new ReuseForecaster()),
        Catalog<IForecaster>.Entry("taylor", "Truncated Taylor series (TaylorSeer).", TaylorForecaster.Settings, o => new TaylorForecaster(o)),
        Catalog<IForecaster>.Entry("hicache", "Scaled Hermite polynomials (HiCache).", HermiteForecaster.Settings, o => new HermiteForecaster(o)),
        Catalog<IForecaster>.Entry("foca", "BDF2 prediction with Heun calibration (FoCa).", FoCaForecaster.Settings, o => new FoCaForecaster(o)),
        Catalog<IForecaster>.Entry(
            "chebyshev",
            "Ridge regression on Chebyshev polynomials (Spectrum).",
            ChebyshevForecaster.Settings,
            o => new ChebyshevForecaster(o)),
        Catalog<IForecaster>.Entry(
            "spectrum",
            "The same, blended with a straight line (Spectrum as released).",
            SpectrumForecaster.Settings,
            o => new SpectrumForecaster(o)),
        Catalog<IForecaster>.Entry(
            "barycentric",
            "Barycentric interpolation through the last features (ChebBooster).",
            BarycentricForecaster.Settings,
            o => new BarycentricForecaster(o)),
        Catalog<IForecaster>.Entry(Kind, "exponential", "One exponential through the last slopes.", () => new ExponentialForecaster()),
        Catalog<IForecaster>.Entry(
            "dmd",
            "Dynamic mode decomposition of the last features; rectified flows only.",
            DmdForecaster.Settings,
            o => new DmdForecaster(o)),
        Catalog<IForecaster>.Entry(Kind, "adams-bashforth", "Two-step Adams-Bashforth (SpeCa's ablation).", () => new AdamsBashforthForecaster()));

    /// <summary>Every rule.</summary>
    public static IReadOnlyList<CatalogEntry<IForecaster>> All => Catalog.All;

    /// <summary>The rule that a text names: <c>taylor</c>, <c>taylor(order=2)</c>.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    public static IForecaster Parse(string text) => Catalog.Parse(text);
}
