using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Requests;

/// <summary>From a description and a model to requests: what was not given is the quality's or the model's.</summary>
internal sealed class RequestBuilder(RequestDescription asked, DiffusionModel model)
{
    private const double GoldenRatio = 0.6180339887498949; // multiples of it, without their whole parts, fill the unit interval evenly

    public IReadOnlyList<GenerationRequest> Build(bool spread)
    {
        var classes = asked.ClassNumbers(model);
        var count = asked.Count ?? (classes.Count > 0 ? classes.Count : RequestDescription.DefaultCount);
        if (count is < 1 or > RequestDescription.MaxCount)
        {
            throw new ArgumentException($"{asked.Spell("count")} is {count}; it is {NumberText.WholeNumber(1, RequestDescription.MaxCount)}.");
        }

        var drawn = classes.Count > 0 ? classes : [.. Enumerable.Range(0, model.Denoiser.ClassCount)];
        var template = Template();
        var noise = NoiseCatalog.Parse(RequireNoFile(asked.Noise, "file:"), model.Denoiser.LatentShape, count);
        GenerationRequest[] requests = [.. Enumerable.Range(0, count).Select(i => template with
        {
            Label = drawn[spread ? (int)(i * GoldenRatio % 1 * drawn.Count) : i % drawn.Count],
            Seed = unchecked(asked.Seed + i),
            Noise = seed => noise(seed, i),
        })];
        _ = model.Choose(requests[0]); // refuses a quality that the model cannot promise
        return requests;
    }

    private GenerationRequest Template()
    {
        if (asked is { Policy: not null, Quality: not null })
        {
            throw new ArgumentException($"{asked.Spell("policy")} and {asked.Spell("quality")} both name a method; give one.");
        }

        // A quality is a promise about the run it was measured on; what is not given is therefore that run's.
        var measured = model.Profiles.FirstOrDefault(p => p.Quality == asked.Quality);
        var own = model.Defaults;
        return model.Request(0) with
        {
            Steps = asked.Steps ?? measured?.Steps ?? own.Steps,
            Sampler = (asked.Sampler ?? measured?.Sampler) is { } name ? Samplers.Parse(name) : own.Sampler,
            Guidance = new Guidance(asked.Guidance ?? measured?.Guidance ?? own.Guidance.Scale, asked.GuidanceChannels ?? own.Guidance.Channels),
            Cache = asked.Policy is null ? null : Policy(asked.Policy),
            Quality = asked.Quality,
            CacheBudget = asked.CacheBudget,
            AuditShare = asked.AuditShare,
            Previews = asked.Previews,
        };
    }

    private ICachePolicy Policy(string text)
    {
        if (text.StartsWith("steps", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{asked.Spell("policy")} is \"{text}\", which is no caching method but a baseline that augur compare and augur bench know: the uncached model "
                + $"with so many steps. {asked.Spell("steps")} sets the number of steps.");
        }

        return PolicyCatalog.Parse(RequireNoFile(RequireNoFile(text, "@"), "router="));
    }

    private string RequireNoFile(string text, string sign) => asked.MayReadFiles || !text.Contains(sign, StringComparison.Ordinal) ? text
        : throw new ArgumentException($"\"{text}\" names a file, and this description may not read files.");
}
