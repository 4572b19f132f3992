namespace Augur.Tensors.Cpu;

/// <summary>Managed SIMD on the processor: one dispatch over three instruction paths, a pool of threads, no native dependency.</summary>
public sealed unsafe partial class CpuBackend : HostBackend
{
    private readonly WorkerPool _workers;
    private bool _hasIntegerWeights;

    /// <summary>A backend of the given options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 1024 threads, or a memory budget below 1.</exception>
    /// <exception cref="ArgumentException">Activations are no floating-point type.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor cannot run the path.</exception>
    public CpuBackend(CpuOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).MemoryBudget, options.ActivationType)
    {
        if (options.Threads is < 1 or > 1024)
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"Threads can be 1 to 1024, not {options.Threads}.");
        }

        Options = CpuOptions.IsSupported(options.Path) ? options
            : throw new PlatformNotSupportedException($"This processor has no {options.Path}; it can run {CpuOptions.Widest} at most.");
        _workers = new WorkerPool(options.Threads);
    }

    /// <summary>A backend with default options.</summary>
    public CpuBackend()
        : this(new CpuOptions())
    {
    }

    /// <summary>What this backend was made with.</summary>
    public CpuOptions Options { get; }

    /// <inheritdoc/>
    public override bool HasIntegerWeights => _hasIntegerWeights;

    /// <inheritdoc/>
    public override string Name => $"cpu ({Options.Path}, {Options.Threads} {(Options.Threads == 1 ? "thread" : "threads")}"
        + $"{(Options.IntegerProducts ? ", Int16 products with quantised weights" : "")}{Options.ActivationType.ActivationWords()})";

    // For what has no kernel over halves: widened copies in, a result in single precision, rounded once.
    private void InSingles(Tensor[] operands, Tensor y, Action<Tensor[], Tensor> run)
    {
        using var scope = TensorScope.Begin();
        var to = y.Type == DType.Float32 ? y : Tensor.Empty(this, y.Shape);
        run(Array.ConvertAll(operands, x => x.InType(DType.Float32)), to);
        if (to != y)
        {
            Copy(to, y);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _workers.Dispose();
        }

        base.Dispose(disposing);
    }
}
