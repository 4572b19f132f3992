namespace Augur.Pipelines;

/// <summary>Bounds how many requests wait to begin.</summary>
/// <param name="seats">Most that may; null: any number.</param>
internal sealed class WaitingRoom(int? seats)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _someoneLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    /// <summary>Takes seats now.</summary>
    /// <exception cref="QueueFullException">There are not that many.</exception>
    public void Enter(int count)
    {
        lock (_lock)
        {
            if (seats is { } most && _taken + count > most)
            {
                throw new QueueFullException(
                    $"The queue is full: {_taken} of at most {most} requests wait to begin, and {count} more would not find room.");
            }

            _taken += count;
        }
    }

    /// <summary>Takes a seat as soon as there is one.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task left;
            lock (_lock)
            {
                if (seats is null || _taken < seats)
                {
                    _taken++;
                    return;
                }

                left = _someoneLeft.Task;
            }

            await left.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Frees seats.</summary>
    public void Leave(int count)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _taken -= count;
            (left, _someoneLeft) = (_someoneLeft, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        left.SetResult();
    }
}
