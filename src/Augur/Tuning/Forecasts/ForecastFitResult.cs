using System.Text.Json;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Files;

namespace Augur.Tuning;

/// <summary>Fitted forecasts, with what they leave of the difference to the uncached calibration pictures.</summary>
public sealed class ForecastFitResult
{
    private readonly ForecastFit _fit;
    private readonly GenerationRequest _request;

    internal ForecastFitResult(ForecastFit fit, IReadOnlyList<double[]> errors, GenerationRequest request) =>
        (_fit, Errors, _request) = (fit, errors, request);

    /// <summary>Mean squared difference of the result's latent from the uncached one, of each plan and calibration picture.</summary>
    public IReadOnlyList<double[]> Errors { get; }

    /// <summary>The computed calls of each plan.</summary>
    public IReadOnlyList<int[]> Computed => [.. _fit.Plans.Select(p => p.Computed)];

    /// <summary>Writes the fit.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="about">How it was made.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path, ProfileAbout about) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        ForecastJson.Write(json, _fit);
        json.WritePropertyName(PolicyCatalog.AboutProperty);
        ProfileFields.Write(json, about with { Sampler = _fit.Sampler, Steps = _request.Steps, Calls = _fit.Calls, Guidance = _fit.Guidance });
        json.WriteEndObject();
    });
}
