using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_tile_of_every_run_is_done_once_before_the_run_returns(int threads)
    {
        using var pool = new WorkerPool(threads);
        var counts = stackalloc int[64];
        for (var run = 0; run < 1500; run++)
        {
            var total = run % 64;
            new Span<int>(counts, 64).Clear();
            pool.Run(total, &Count, counts);
            for (var i = 0; i < 64; i++)
            {
                Assert.Equal(i < total ? 1 : 0, Volatile.Read(ref counts[i]));
            }
        }
    }

    [Fact]
    public void Runs_of_several_callers_do_not_meet()
    {
        using var pool = new WorkerPool(3);
        Parallel.For(0, 4, _ =>
        {
            var counts = stackalloc int[16];
            for (var run = 0; run < 1000; run++)
            {
                new Span<int>(counts, 16).Clear();
                pool.Run(16, &Count, counts);
                for (var i = 0; i < 16; i++)
                {
                    Assert.Equal(1, counts[i]);
                }
            }
        });
    }

    private static void Count(void* counts, int tile) => Interlocked.Increment(ref ((int*)counts)[tile]);
}
