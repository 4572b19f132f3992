using Augur.Conditioning;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Requests;

/// <summary>
/// Makes requests from a description and a model. Settings that the description does not give are the profile's, or else the model's.
/// </summary>
internal sealed class RequestBuilder(RequestDescription asked, DiffusionModel model)
{
    private const double GoldenRatio = 0.6180339887498949; // the fractional parts of its multiples are spread evenly over the unit interval

    public IReadOnlyList<GenerationRequest> Build(bool spread)
    {
        var drawn = Subjects.Of(asked, model);
        var isGiven = asked.Classes.Count + asked.Prompts.Count > 0 || asked.PromptsFile is not null;
        var count = asked.Count ?? (isGiven ? drawn.Count : RequestDescription.DefaultCount);
        if (count is < 1 or > RequestDescription.MaxCount)
        {
            throw new ArgumentException($"{asked.Spell("count")} is {count}; it is {NumberText.WholeNumber(1, RequestDescription.MaxCount)}.");
        }

        var files = SourceFiles.Of(asked, model);
        var template = files.In(Template(drawn[0]));
        var noise = NoiseCatalog.Parse(RequireNoFile(asked, asked.Noise, "file:"), template.LatentShape ?? model.Denoiser.LatentShape, count);
        return [.. Enumerable.Range(0, count).Select(i => files.In(template with
        {
            Condition = drawn[spread ? (int)(i * GoldenRatio % 1 * drawn.Count) : i % drawn.Count],
            Seed = unchecked(asked.Seed + i),
            Noise = seed => noise(seed, i),
        }))];
    }

    /// <summary>Refuses descriptions that are wrong for any model.</summary>
    public static void Require(RequestDescription asked)
    {
        if (asked is { Policy: not null, Quality: not null })
        {
            throw new ArgumentException($"{asked.Spell("policy")} and {asked.Spell("quality")} both name a method; give one.");
        }

        if (asked.Policy is { } text)
        {
            if (text.StartsWith("steps", StringComparison.Ordinal) || text.StartsWith("solver", StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"{asked.Spell("policy")} is \"{text}\", which is no caching method but a baseline that augur compare and augur bench know: "
                    + $"the uncached model with so many steps. {asked.Spell("steps")} sets the number of steps.");
            }

            _ = PolicyCatalog.Parse(RequireNoFile(asked, RequireNoFile(asked, RequireNoFile(asked, text, "@"), "router="), "forecast="));
        }

        _ = SamplerOf(asked);
    }

    private GenerationRequest Template(Condition condition)
    {
        Require(asked);
        var methods = new ModelMethods(model.Path);
        var method = methods.Choose(model, asked.Policy, asked.Quality, new AskedSettings(asked.Steps, SamplerOf(asked), asked.Guidance)
        {
            Interval = asked.GuidanceInterval,
        });
        var choice = ModelMethods.AsPolicy(method);
        return model.Request(condition) with
        {
            LatentShape = DrawnSize.Of(asked, model).Latent,
            Steps = method.Steps,
            Sampler = method.Sampler,
            Guidance = new Guidance(method.Guidance, asked.GuidanceChannels ?? model.Defaults.Guidance.Channels) { Interval = method.Interval },
            Cache = choice.Policy,
            Choice = choice,
            CacheBudget = asked.CacheBudget,
            AuditShare = asked.AuditShare,
            Previews = asked.Previews,
        };
    }

    private static ISampler? SamplerOf(RequestDescription asked) => asked.Sampler is { } name ? Samplers.Parse(name) : null;

    private static string RequireNoFile(RequestDescription asked, string text, string sign) =>
        asked.MayReadFiles || !text.Contains(sign, StringComparison.Ordinal) ? text
        : throw new ArgumentException($"\"{text}\" names a file, and this description may not read files.");
}
