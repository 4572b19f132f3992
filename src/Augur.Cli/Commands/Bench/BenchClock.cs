using Augur.Cli.Commands.Compare;

namespace Augur.Cli.Commands.Bench;

/// <summary>How much faster a contender was than the uncached run, on a machine that may grow slower or faster meanwhile.</summary>
internal static class BenchClock
{
    /// <summary>
    /// Median over a contender's chunks of the uncached run's time over its own, per picture; the uncached run's is what it was just before and just
    /// after.
    /// </summary>
    /// <param name="chunks">Of all contenders, in the order of their measurement.</param>
    /// <param name="policy">The contender.</param>
    public static double Speedup(IReadOnlyList<BenchChunk> chunks, string policy) => Median.Of(
        from i in Enumerable.Range(0, chunks.Count)
        where chunks[i].Policy == policy
        select ReferenceSeconds(chunks, i) * chunks[i].Count / Math.Max(1e-9, chunks[i].Seconds));

    private static double ReferenceSeconds(IReadOnlyList<BenchChunk> chunks, int position)
    {
        // Of the same size, where there is one: small batches take longer per picture. Of the same session, where the machine is the same.
        var timed = Enumerable.Range(0, chunks.Count).Where(i => chunks[i].Policy == Contender.Reference.Name).ToList();
        timed = Preferring(timed, i => chunks[i].Count == chunks[position].Count);
        timed = Preferring(timed, i => chunks[i].Session == chunks[position].Session);
        int[] nearest = [.. timed.Where(i => i < position).TakeLast(1), .. timed.Where(i => i > position).Take(1)];
        return nearest.Average(i => chunks[i].Seconds / chunks[i].Count);
    }

    private static List<int> Preferring(List<int> all, Func<int, bool> isPreferred) => all.Where(isPreferred).ToList() is { Count: > 0 } preferred
        ? preferred : all;
}
