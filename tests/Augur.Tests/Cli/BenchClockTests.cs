using Augur.Cli.Commands.Bench;


namespace Augur.Tests.Cli;

public sealed class BenchClockTests
{
    [Fact]
    public void A_machine_that_grows_slower_does_so_for_both()
    {
        // The machine takes twice as long in the end; the method is always four times as fast.
        BenchChunk[] chunks =
            [Chunk("none", 8), Chunk("speca", 2), Chunk("none", 8), Chunk("fora", 3), Chunk("none", 16), Chunk("speca", 4), Chunk("none", 16)];
        Assert.Equal(4, BenchClock.Speedup(chunks, "speca"), 9);
        Assert.Equal(4, BenchClock.Speedup(chunks, "fora"), 9); // between 8 and 16 seconds: 12
    }

    [Fact]
    public void Another_session_and_another_size_are_asked_only_where_there_is_nothing_else()
    {
        BenchChunk[] chunks = [Chunk("none", 100), Chunk("none", 30, count: 2, session: 0), Chunk("none", 8, session: 1),
            Chunk("speca", 2, session: 1), Chunk("speca", 5, count: 2, session: 1)];
        Assert.Equal((4 + 6) / 2.0, BenchClock.Speedup(chunks, "speca"), 9);
    }

    [Fact]
    public void One_disturbed_batch_changes_little()
    {
        BenchChunk[] chunks = [Chunk("none", 8), Chunk("speca", 2), Chunk("speca", 2), Chunk("speca", 200)];
        Assert.Equal(4, BenchClock.Speedup(chunks, "speca"), 9);
    }

    private static BenchChunk Chunk(string policy, double seconds, int count = 4, int session = 0) =>
        new() { Policy = policy, Index = 0, Count = count, Seconds = seconds, Load = null, Session = session, Pictures = [] };
}
