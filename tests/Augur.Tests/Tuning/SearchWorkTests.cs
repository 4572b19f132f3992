using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class SearchWorkTests
{
    [Fact]
    public void Steps_that_several_pictures_tell_at_once_are_all_counted_and_told_one_after_the_other()
    {
        const int pictures = 8;
        const int steps = 5000;
        var told = new List<double>();
        var inside = 0;
        var work = new SearchWork(pictures, few: 2, heldOut: 0, limit: 0, guess: 0, progress =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            told.Add(progress.Share);
            Interlocked.Decrement(ref inside);
        });
        Parallel.For(0, pictures, new ParallelOptions { MaxDegreeOfParallelism = pictures }, _ =>
        {
            for (var step = 0; step < steps; step++)
            {
                work.Uncached(1.0 / steps);
            }
        });
        Assert.Equal(pictures * steps, told.Count);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1], 1e-9);
    }
}
