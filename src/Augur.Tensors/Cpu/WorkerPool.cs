using System.Runtime.ExceptionServices;

namespace Augur.Tensors.Cpu;

/// <summary>
/// A pool of persistent threads that share the tiles of one operation at a time; the caller works too. Workers spin briefly, then sleep. An operation
/// that arrives while another is running (from another thread) runs on its caller alone.
/// </summary>
/// <remarks>
/// Tiles must be independent: which thread runs one, and in what order, must not change a result. The caller waits for started tiles, not for
/// threads, so that a thread that wakes late or lost its core does not delay the operation. An exception of a tile on any thread is rethrown on the
/// caller after all started tiles have ended; the remaining tiles are skipped, and the pool stays usable.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 300;
    private const int CacheLineInts = 16;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _asleep; // one cache line each
    private readonly Lock _busy = new();
    private bool _stop;
    private long _claim; // number of the run << 32 | tiles that nobody has begun
    private int _unfinished;
    private int _total;
    private delegate*<void*, int, void> _tile;
    private void* _arguments;
    private ExceptionDispatchInfo? _failure; // the first of a run

    public WorkerPool(int threads)
    {
        Threads = threads;
        _threads = new Thread[threads - 1];
        _wake = new SemaphoreSlim[threads - 1];
        _asleep = new int[threads * CacheLineInts];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i;
            _wake[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"augur-{worker + 1}" };
            _threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>
    /// Runs tile(arguments, i) for every i below <paramref name="total"/>; returns when all are done, or throws what the first to fail threw.
    /// </summary>
    public void Run(int total, delegate*<void*, int, void> tile, void* arguments)
    {
        if (Threads == 1 || total <= 1 || !_busy.TryEnter())
        {
            for (var i = 0; i < total; i++)
            {
                tile(arguments, i);
            }

            return;
        }

        try
        {
            _tile = tile;
            _arguments = arguments;
            _total = total;
            _unfinished = total;
            Volatile.Write(ref _claim, (((_claim >> 32) + 1) << 32) | (uint)total);
            for (var i = 0; i < Math.Min(total - 1, _threads.Length); i++)
            {
                if (Interlocked.Exchange(ref _asleep[i * CacheLineInts], 0) == 1)
                {
                    _wake[i].Release();
                }
            }

            Drain();
            for (var spins = 0; Volatile.Read(ref _unfinished) != 0; spins++)
            {
                if (spins < 2000)
                {
                    Thread.SpinWait(4);
                }
                else
                {
                    Thread.Yield();
                }
            }

            if (_failure is { } failure)
            {
                _failure = null;
                failure.Throw();
            }
        }
        finally
        {
            _busy.Exit();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _stop, true);
        foreach (var wake in _wake)
        {
            wake.Release();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work(int worker)
    {
        while (!Volatile.Read(ref _stop))
        {
            for (var spins = 0; !HasTiles; spins++)
            {
                if (spins < SpinsBeforeSleep)
                {
                    Thread.SpinWait(8);
                    continue;
                }

                ref var asleep = ref _asleep[worker * CacheLineInts];
                Interlocked.Exchange(ref asleep, 1);
                if (!HasTiles && !Volatile.Read(ref _stop))
                {
                    _wake[worker].Wait();
                }

                Interlocked.Exchange(ref asleep, 0);
                if (Volatile.Read(ref _stop))
                {
                    return;
                }
            }

            Drain();
        }
    }

    private bool HasTiles => (int)Volatile.Read(ref _claim) != 0;

    private void Drain()
    {
        for (long claim; (int)(claim = Volatile.Read(ref _claim)) != 0;)
        {
            // Read before the claim succeeds; they change only between runs, and then the claim fails.
            var (arguments, total) = ((nint)_arguments, _total);
            var tile = _tile;
            if (Interlocked.CompareExchange(ref _claim, claim - 1, claim) == claim)
            {
                RunOne(tile, (void*)arguments, total - (int)claim);
                Interlocked.Decrement(ref _unfinished);
            }
        }
    }

    private void RunOne(delegate*<void*, int, void> tile, void* arguments, int index)
    {
        if (Volatile.Read(ref _failure) is not null)
        {
            return; // the run has failed: its result is discarded
        }

        try
        {
            tile(arguments, index);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }
}
