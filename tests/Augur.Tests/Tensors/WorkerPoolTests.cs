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

    [Fact]
    public void What_a_tile_throws_on_a_worker_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(2);
        var counts = stackalloc int[64];
        for (var round = 0; round < 20; round++)
        {
            var meeting = new Meeting { Caller = Environment.CurrentManagedThreadId };
            void Run()
            {
                var here = meeting;
                pool.Run(64, &ThrowOnTheWorker, &here);
            }

            var error = Assert.Throws<InvalidOperationException>(Run);
            Assert.Equal("a tile of a worker", error.Message);
            new Span<int>(counts, 64).Clear();
            pool.Run(64, &Count, counts);
            Assert.Equal(64, new Span<int>(counts, 64).ToArray().Sum());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_tile_throws_on_the_caller_waits_for_the_tiles_that_were_begun(int threads)
    {
        using var pool = new WorkerPool(threads);
        var running = stackalloc int[1];
        for (var round = 0; round < 200; round++)
        {
            *running = 0;
            void Run() => pool.Run(16, &ThrowAtThree, running);
            Assert.Throws<NotSupportedException>(Run);
            Assert.Equal(0, *running);
        }
    }

    private struct Meeting
    {
        public int Caller;
        public int WorkerCame;
    }

    // The caller stays in its tile until a worker has begun one, so that a worker throws for certain.
    private static void ThrowOnTheWorker(void* arguments, int tile)
    {
        var meeting = (Meeting*)arguments;
        if (Environment.CurrentManagedThreadId != meeting->Caller)
        {
            Volatile.Write(ref meeting->WorkerCame, 1);
            throw new InvalidOperationException("a tile of a worker");
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref meeting->WorkerCame) == 1, TimeSpan.FromSeconds(30));
    }

    private static void ThrowAtThree(void* running, int tile)
    {
        Interlocked.Increment(ref *(int*)running);
        try
        {
            Thread.SpinWait(200);
            if (tile == 3)
            {
                throw new NotSupportedException();
            }
        }
        finally
        {
            Interlocked.Decrement(ref *(int*)running);
        }
    }

    private static void Count(void* counts, int tile) => Interlocked.Increment(ref ((int*)counts)[tile]);
}
