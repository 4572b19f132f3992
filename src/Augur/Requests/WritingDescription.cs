using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Requests;

/// <summary>What is to be written and how, before the model is known. What is not given is the profile's, or else the model's.</summary>
public sealed record WritingDescription
{
    /// <summary>Tokens to write; null: the model's.</summary>
    public int? Length { get; init; }

    /// <summary>Network calls; null: one per token.</summary>
    public int? Steps { get; init; }

    /// <summary>The sampler of tokens; null: the model's, in blocks.</summary>
    public ISampler? Sampler { get; init; }

    /// <summary>Caching method in the catalog's notation, or @file.json; null: none.</summary>
    public string? Policy { get; init; }

    /// <summary>Scale of classifier-free guidance; null: the model's.</summary>
    public double? Guidance { get; init; }

    /// <summary>Seed of the first text; each further one has the next.</summary>
    public long Seed { get; init; }

    /// <summary>Most bytes of kept features of one text; null: no limit.</summary>
    public long? CacheBudget { get; init; }

    /// <summary>The part of a picture's description that is of texts too.</summary>
    /// <param name="asked">The description.</param>
    /// <param name="length">Tokens to write; null: the model's.</param>
    /// <exception cref="ArgumentException">Something is given that texts have not, or the sampler is none of tokens.</exception>
    public static WritingDescription Of(RequestDescription asked, int? length)
    {
        ArgumentNullException.ThrowIfNull(asked);
        (string Field, bool IsGiven)[] ofPictures =
        [
            ("class", asked.Classes.Count > 0), ("negative", asked.Negative is not null), ("guidanceChannels", asked.GuidanceChannels is not null),
            ("guidanceInterval", asked.GuidanceInterval is not null), ("noise", asked.Noise != "torch"), ("size", asked.Size is not null),
        ];
        return ofPictures.FirstOrDefault(given => given.IsGiven).Field is { } wrong
            ? throw new ArgumentException($"{asked.Spell(wrong)} is of pictures; this model writes texts.")
            : new()
            {
                Length = length,
                Steps = asked.Steps,
                Sampler = asked.Sampler is { } sampler ? TokenSamplers.Parse(sampler) : null,
                Guidance = asked.Guidance,
                Seed = asked.Seed,
                CacheBudget = asked.CacheBudget,
            };
    }

    /// <summary>One request for each prompt.</summary>
    /// <exception cref="ArgumentException">
    /// Steps are given beside a sampler that does not follow them, or a profile is for another model or kind of sampler; the message has both.
    /// </exception>
    public IReadOnlyList<GenerationRequest> Requests(DiffusionModel model, IReadOnlyList<string> prompts)
    {
        ArgumentNullException.ThrowIfNull(model);
        var template = Template(model, Length ?? model.Denoiser.LatentShape[0]);
        return template is { Sampler: TokenSampler { MayEndEarly: true } sampler } && Steps is { } steps
            ? throw new ArgumentException($"{sampler.Name} decides by itself how many calls it makes; leave --steps {steps} out, or its threshold.")
            : [.. prompts.NotNull().Select((prompt, i) => template with { Condition = model.Request(prompt).Condition, Seed = unchecked(Seed + i) })];
    }

    private GenerationRequest Template(DiffusionModel model, int length)
    {
        var profile = Policy is null ? null : Profile.Find(Policy);
        var usual = Math.Min(length, 1000);
        var measured = profile?.About is { Steps: { } at, Length: { } of } ? Math.Max(1, (int)Math.Round((double)at * length / of)) : (int?)null;
        var choice = profile is null ? null : new ModelMethods(model.Path).Choose(
            model, Policy, quality: null, new AskedSettings(Steps ?? measured ?? usual, Sampler, Guidance));
        var steps = choice?.Steps ?? Steps ?? usual;
        var policy = choice is null ? null : ModelMethods.AsPolicy(choice);
        var own = choice?.Sampler ?? model.Defaults.Sampler;
        return model.Request("") with
        {
            LatentShape = [length],
            Steps = steps,
            Sampler = Sampler ?? (own is LladaSampler llada ? llada.InBlocks(length, steps) : own),
            Guidance = new Guidance(choice?.Guidance ?? Guidance ?? model.Defaults.Guidance.Scale),
            Cache = policy?.Policy ?? (Policy is { } plain ? PolicyCatalog.Parse(plain) : null),
            Choice = policy,
            CacheBudget = CacheBudget,
        };
    }
}
