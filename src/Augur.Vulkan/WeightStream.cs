namespace Augur.Vulkan;

/// <summary>
/// Weights that stay on the host, in a few places on the device by turns: while the device computes with one, that which followed it in the last
/// call is copied. One caller at a time, from <see cref="Read"/> to <see cref="Used"/>.
/// </summary>
internal sealed class WeightStream(VulkanDevice device, VulkanMemory memory, VulkanQueue queue) : IDisposable
{
    private const int Places = 3; // one is read, one is ready, one is written

    private readonly VulkanTransfers _transfers = new(device);
    private readonly List<Place> _places = [];
    private readonly Dictionary<Part, Part> _next = [];
    private Part? _last;

    /// <summary>Some rows of a weight.</summary>
    private readonly record struct Part(StoredWeight Weight, uint First, int Rows);

    /// <summary>Bytes copied so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads that found their weight copied already.</summary>
    public long Foreseen { get; private set; }

    /// <summary>Where rows of a weight lie for the work that is recorded next.</summary>
    public DeviceSpan Read(StoredWeight weight, uint first, int rows)
    {
        var part = new Part(weight, first, rows);
        if (_last is { } last)
        {
            _next[last] = part;
        }

        _last = part;
        var place = _places.Find(p => p.Content == part);
        if (place is null)
        {
            place = Write(part);
        }
        else
        {
            Foreseen++;
        }

        queue.WaitFor(_transfers.Timeline, place.Written);
        _places.Remove(place);
        _places.Add(place); // the last is the newest
        return place.Span;
    }

    /// <summary>The work that reads the weight was recorded: it is handed over, and meanwhile the next one is copied.</summary>
    public void Used()
    {
        _places[^1].Read = queue.Flush();
        if (_next.TryGetValue(_last!.Value, out var next) && !_places.Exists(p => p.Content == next) && next.Weight.TryShare())
        {
            try
            {
                Write(next);
            }
            finally
            {
                next.Weight.Release();
            }
        }
    }

    /// <summary>Forgets a weight that is released.</summary>
    public void Forget(StoredWeight weight)
    {
        foreach (var part in _next.Where(n => n.Key.Weight == weight || n.Value.Weight == weight).Select(n => n.Key).ToArray())
        {
            _next.Remove(part);
        }

        foreach (var place in _places.Where(p => p.Content?.Weight == weight))
        {
            place.Content = null;
        }

        _last = _last?.Weight == weight ? null : _last;
    }

    /// <summary>Gives the places back, once nothing is written there any more.</summary>
    public void Trim()
    {
        _transfers.Finish();
        _places.ForEach(place => memory.Return(place.Span));
        _places.Clear();
    }

    public void Dispose()
    {
        try
        {
            queue.Synchronize(); // what waits for copies, and what copies wait for
        }
        catch (Exception e) when (e is BackendLostException or InvalidOperationException)
        {
            // Of a lost device nothing is waited for.
        }

        _transfers.Dispose();
        foreach (var place in _places)
        {
            memory.Return(place.Span);
        }

        _places.Clear();
    }

    // Into the place that was not read for longest, or into a new one.
    private Place Write(Part part)
    {
        var bytes = part.Weight.Rows(part.First, part.Rows);
        if (_places.Count >= Places && _places[0].Span.Bytes < bytes.Length)
        {
            _transfers.Wait(_places[0].Written); // nothing is written any more to what may be lent to others, or given back to the driver
            memory.Return(_places[0].Span);
            _places.RemoveAt(0);
        }

        if (_places.Count < Places)
        {
            // Queued work may still use what is lent: the copy comes after all of it.
            _places.Insert(0, new Place(memory.Rent(bytes.Length)) { Read = queue.Flush() });
        }

        var place = _places[0];
        place.Content = null;
        place.Written = _transfers.Upload(bytes, place.Span, queue, place.Read, place.Written);
        place.Content = part;
        _places.RemoveAt(0);
        _places.Insert(Math.Max(0, _places.Count - 1), place); // not before the one that is read now, nor the next to be overwritten
        Bytes += bytes.Length;
        return place;
    }

    /// <summary>Memory on the device, what lies there, and when it was written and read last.</summary>
    private sealed class Place(DeviceSpan span)
    {
        public DeviceSpan Span => span;

        public Part? Content { get; set; }

        public ulong Written { get; set; }

        public ulong Read { get; set; }
    }
}
