using Augur.Cli.Commands.Compare;

namespace Augur.Cli.Commands.Bench;

/// <summary>The honest rival of every caching method: the uncached model with as few steps as cost the same.</summary>
internal static class BenchBaselines
{
    /// <summary>One contender per number of steps; those that take part already are left out.</summary>
    /// <param name="rows">What was measured.</param>
    /// <param name="contenders">Those whose equals are wanted.</param>
    /// <param name="steps">Of the uncached run.</param>
    public static IReadOnlyList<Contender> Of(IReadOnlyList<BenchRow> rows, IReadOnlyList<Contender> contenders, int steps)
    {
        var names = contenders.Select(c => c.Name).ToHashSet();
        return [.. rows.Where(r => !r.IsReference && names.Contains(r.Policy))
            .Select(r => Math.Max(1, (int)Math.Round(steps / r.FlopsSpeedup)))
            .Where(equal => equal < steps)
            .Distinct()
            .OrderDescending()
            .Select(Contender.WithSteps)
            .Where(c => !names.Contains(c.Name))];
    }
}
