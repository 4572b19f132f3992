using System.Globalization;
using System.Text.RegularExpressions;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Cli.Commands.Compare;

/// <summary>
/// One way of drawing that takes part in a comparison: a caching method, or the uncached model with another number of steps or another sampler.
/// </summary>
/// <param name="Name">As tables name it.</param>
/// <param name="Apply">The request, drawn this way.</param>
internal sealed partial record Contender(string Name, Func<GenerationRequest, GenerationRequest> Apply)
{
    /// <summary>What is known of where the method was measured; null: nothing.</summary>
    private Profile? Profile { get; init; }

    /// <summary>The uncached run, which the others are held against.</summary>
    public static Contender Reference { get; } = new(PolicyCatalog.All[0].Name, request => request);

    /// <summary>The uncached model with another number of steps.</summary>
    /// <param name="steps">1 to 1000.</param>
    public static Contender WithSteps(int steps) => new($"steps({steps})", request => request with { Steps = steps });

    /// <summary>The uncached model with another sampler, such as <c>solver(deis(timesteps=quad), 10)</c>.</summary>
    /// <param name="sampler">In the catalog's notation; what it does not say of the training is the model's.</param>
    /// <param name="steps">1 to 1000.</param>
    /// <exception cref="ArgumentException">There is no such sampler, or a setting is wrong.</exception>
    public static Contender WithSolver(string sampler, int steps) => new(
        $"solver({Samplers.Parse(sampler).Name}, {steps})",
        request => request with { Steps = steps, Sampler = request.Sampler is { } own ? Samplers.Parse(sampler, own) : Samplers.Parse(sampler) });

    /// <summary>The contenders of a list such as <c>none; steps(12); speca(base=0.3)</c>: the reference first, then the others as given.</summary>
    /// <exception cref="CommandException">An entry is wrong or given twice.</exception>
    /// <exception cref="ArgumentException">A policy is not known, or there is none.</exception>
    public static IReadOnlyList<Contender> ParseList(string text)
    {
        string[] parts = [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        var entries = parts.Select(Parse).Where(entry => entry.Name != Reference.Name).ToList();
        if (parts.Length == 0)
        {
            throw CommandException.WrongUse($"--policies is \"{text}\"; it names at least one policy, as in \"steps(12); speca\".");
        }

        return entries.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw CommandException.WrongUse($"--policies has {twice.Key} twice.")
            : [Reference, .. entries];
    }

    /// <summary>The contenders for a run: a profile is stretched to the run's steps, which it shares with the others, or refused.</summary>
    /// <param name="entries">As <see cref="ParseList"/> gives them.</param>
    /// <param name="request">One of the run: sampler, steps and guidance.</param>
    /// <param name="model">What draws.</param>
    /// <param name="notes">Is told what of a profile's figures does not hold here.</param>
    /// <exception cref="ArgumentException">A profile is for another model or sampler, or cannot be stretched.</exception>
    public static IReadOnlyList<Contender> For(IReadOnlyList<Contender> entries, GenerationRequest request, ModelIdentity model, TextWriter notes) =>
        [.. entries.Select(entry =>
    {
        if (entry.Profile is null)
        {
            return entry;
        }

        var choice = ProfileUse.Apply(entry.Profile, AskedSettings.Of(request), model);
        if (choice.Note is { } note)
        {
            notes.WriteLine(Printable.Line($"Note on {choice.Policy}: {note}."));
        }

        return choice.Policy == entry.Name ? entry : Of(choice.Policy, null);
    })];

    private static Contender Of(string text, Profile? profile)
    {
        var policy = PolicyCatalog.Parse(text);
        return new(policy.Name, request => request with { Cache = policy }) { Profile = profile };
    }

    private static Contender Parse(string text)
    {
        if (text.StartsWith("solver", StringComparison.Ordinal))
        {
            return Solver().Match(text) is { Success: true } solver && Count(solver.Groups[2]) is >= 1 and <= 1000 and var count
                ? WithSolver(solver.Groups[1].Value, count)
                : throw CommandException.WrongUse(
                    $"--policies has \"{text}\"; the uncached model with another sampler is solver(SAMPLER, N), N from 1 to 1000.");
        }

        if (!text.StartsWith("steps", StringComparison.Ordinal))
        {
            return Of(text, Tuning.Profile.Find(text));
        }

        var steps = Steps().Match(text) is { Success: true } match ? Count(match.Groups[1]) : 0;
        return steps is >= 1 and <= 1000 ? WithSteps(steps)
            : throw CommandException.WrongUse($"--policies has \"{text}\"; the uncached model with fewer steps is steps(N), N from 1 to 1000.");
    }

    private static int Count(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^solver\( *(.+?) *, *([0-9]{1,4}) *\)$")]
    private static partial Regex Solver();

    [GeneratedRegex(@"^steps\( *([0-9]{1,4}) *\)$")]
    private static partial Regex Steps();
}
