using System.Globalization;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>A way to write a text, to be held against others. What it does not say is the request's.</summary>
/// <param name="Name">As tables name it.</param>
public sealed record TextContender(string Name)
{
    private const string StepsWord = "steps(";

    /// <summary>The uncached run with one token a call, which the others are held against.</summary>
    public static TextContender Reference { get; } = new("none");

    /// <summary>The caching method; null: none.</summary>
    public ICachePolicy? Policy { get; private init; }

    /// <summary>The sampler; null: the request's.</summary>
    public ISampler? Sampler { get; private init; }

    /// <summary>Sampler steps; null: the request's.</summary>
    public int? Steps { get; private init; }

    /// <summary>What is known of where it was measured; null: nothing.</summary>
    private Profile? Profile { get; init; }

    private bool SaysNone { get; init; } // while it is read

    /// <summary>The uncached model with another number of steps.</summary>
    /// <param name="steps">1 to 1000.</param>
    public static TextContender WithSteps(int steps) => Parse($"{StepsWord}{steps.ToString(CultureInfo.InvariantCulture)})");

    /// <summary>
    /// Reads a way: a caching method, a sampler of tokens, <c>steps(N)</c> for fewer calls, or several of them with plus signs between, such as
    /// <c>llada(block=32,threshold=0.9) + block-cache</c>; or a profile, <c>@file.json</c>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A part is none of these, has a setting that is not accepted, or says again what another said.
    /// </exception>
    public static TextContender Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = [.. text.Split('+', StringSplitOptions.TrimEntries)];
        return parts.Any(part => part.Length == 0)
            ? throw new ArgumentException($"\"{text}\" names no way to write, or has a + without one.")
            : parts.Aggregate(new TextContender(text.Trim()), (way, part) => way.With(part)).Sensible();
    }

    /// <summary>Reads several, separated by semicolons; the uncached run, which takes part in any case, is left out.</summary>
    /// <exception cref="ArgumentException">One is none, two are the same, or there is none.</exception>
    public static IReadOnlyList<TextContender> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        TextContender[] ways = [.. parts.Select(Parse).Where(way => way != Reference)];
        return ways.Length == 0
            ? throw new ArgumentException($"\"{text}\" names no way to write besides the uncached run, as in \"steps(32); dllm-cache\".")
            : ways.GroupBy(way => way.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ArgumentException($"\"{text}\" has {twice.Key} twice.") : ways;
    }

    /// <summary>The way for a run: a profile's figures are for a model, and its method is fitted to the run's steps or refused.</summary>
    /// <param name="request">One of the run: sampler, steps and guidance.</param>
    /// <param name="model">What writes.</param>
    /// <returns>The way, and what of the profile's figures does not hold here; null: all does.</returns>
    /// <exception cref="ArgumentException">The profile is for another model or kind of sampler.</exception>
    public (TextContender Way, string? Note) For(GenerationRequest request, ModelIdentity model)
    {
        if (Apply(request) is { Sampler: TokenSampler { MayEndEarly: true } sampler } && Steps is { } steps)
        {
            throw new ArgumentException($"{sampler.Name} decides by itself how many calls it makes; leave steps({steps}) out, or its threshold.");
        }

        if (Profile is null)
        {
            return (this, null);
        }

        var choice = ProfileUse.Apply(Profile, new(Steps ?? request.NotNull().Steps, Sampler, request.NotNull().Guidance?.Scale), model);
        return (this with { Policy = PolicyCatalog.Parse(choice.Policy), Sampler = choice.Sampler, Profile = null }, choice.Note);
    }

    /// <summary>The request, written this way.</summary>
    public GenerationRequest Apply(GenerationRequest request) => request.NotNull() with
    {
        Sampler = Sampler ?? request.Sampler,
        Steps = Steps ?? request.Steps,
        Cache = Policy ?? NoCachePolicy.Instance,
        Choice = null,
    };

    private TextContender With(string part)
    {
        if (part.StartsWith(StepsWord, StringComparison.Ordinal) && part.EndsWith(')'))
        {
            var isNumber = int.TryParse(part[StepsWord.Length..^1], CultureInfo.InvariantCulture, out var steps);
            return !isNumber || steps is < 1 or > 1000 ? throw new ArgumentException($"\"{part}\": steps are a number from 1 to 1000.")
                : Steps is null ? this with { Steps = steps } : throw Twice("numbers of steps");
        }

        if (TokenSamplers.Names(part))
        {
            return Sampler is null ? this with { Sampler = TokenSamplers.Parse(part) } : throw Twice("samplers");
        }

        if (Policy is not null || SaysNone)
        {
            throw Twice("caching methods");
        }

        var policy = PolicyCatalog.Parse(part);
        return policy is NoCachePolicy ? this with { SaysNone = true } : this with { Policy = policy, Profile = Profile.Find(part) };
    }

    // Of a way that says the same, the same name; the uncached run is one, however it is put.
    private TextContender Sensible() => this switch
    {
        { Steps: { } steps, Sampler: TokenSampler { MayEndEarly: true } sampler } => throw new ArgumentException(
            $"\"{Name}\": {sampler.Name} decides by itself how many calls it makes; leave steps({steps}) out, or its threshold."),
        { Policy: null, Sampler: null, Steps: null } => Reference,
        _ => this with { SaysNone = false },
    };

    private ArgumentException Twice(string what) => new($"\"{Name}\" names two {what}; a way to write has one.");
}
