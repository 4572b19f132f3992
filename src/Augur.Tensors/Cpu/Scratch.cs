namespace Augur.Tensors.Cpu;

/// <summary>Memory from a backend's pool for the duration of one operation.</summary>
internal readonly unsafe struct Scratch(HostBackend backend, long byteCount) : IDisposable
{
    private readonly HostBuffer _buffer = (HostBuffer)backend.Rent(byteCount);

    public void* Pointer => _buffer.Pointer;

    public void Dispose() => _buffer.RemoveHolder();
}
