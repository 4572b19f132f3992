namespace Augur.Tensors.Weights;

/// <summary>
/// Reads tensors of a checkpoint by name, relative to a prefix, and records which were used: a tensor that is missing, has another shape, is not
/// finite, or is left over is an error that names it. Nested scopes share the record.
/// </summary>
public sealed class WeightScope
{
    private const int NamesInMessage = 5;
    private readonly Checkpoint _checkpoint;
    private readonly IBackend _backend;
    private readonly string _prefix;
    private readonly HashSet<string> _used;
    private readonly List<IDisposable> _given;

    /// <summary>A scope over a whole checkpoint, or over the names that begin with a prefix (which includes its dot).</summary>
    public WeightScope(Checkpoint checkpoint, IBackend backend, string prefix = "")
        : this(
            checkpoint ?? throw new ArgumentNullException(nameof(checkpoint)),
            backend ?? throw new ArgumentNullException(nameof(backend)),
            prefix ?? throw new ArgumentNullException(nameof(prefix)),
            [],
            [])
    {
    }

    private WeightScope(Checkpoint checkpoint, IBackend backend, string prefix, HashSet<string> used, List<IDisposable> given)
    {
        (_checkpoint, _backend, _prefix, _used, _given) = (checkpoint, backend, prefix, used, given);
    }

    /// <summary>The checkpoint that is read.</summary>
    public Checkpoint Checkpoint => _checkpoint;

    /// <summary>The backend of the tensors.</summary>
    public IBackend Backend => _backend;

    /// <summary>The nested scope for names that continue with <paramref name="name"/> and a dot.</summary>
    public WeightScope Scope(string name) => new(_checkpoint, _backend, $"{_prefix}{name}.", _used, _given);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _checkpoint.Tensors.ContainsKey(_prefix + name);

    /// <summary>A tensor in its stored precision (Float64 is rounded to Float32). Retained: the caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public Tensor Tensor(string name, Shape expected) => Own(Take(name, expected).ToTensor(_backend).Retain());

    /// <summary>A tensor in single precision. Retained: the caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public Tensor SingleTensor(string name, Shape expected)
    {
        using var scope = TensorScope.Begin();
        return Own(InSingle(Take(name, expected)).Retain());
    }

    /// <summary>A table of rows [rows, columns] in its stored precision or blocks. The caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public LookupTable Table(string name, int rows, int columns)
    {
        using var scope = TensorScope.Begin();
        return Own(new LookupTable(Take(name, [rows, columns]), _backend));
    }

    /// <summary>
    /// A linear map: <c>name.weight</c> [outputs, inputs], in its stored precision, and <c>name.bias</c> [outputs]. A quantised weight stays in its
    /// blocks. The caller disposes it.
    /// </summary>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedLinear Linear(string name, int outputs, int inputs, bool bias = true) => LinearParts(name, [outputs], inputs, bias)[0];

    /// <summary>
    /// A linear map as several that follow each other in its outputs; otherwise as <see cref="Linear"/>. The caller disposes each.
    /// </summary>
    /// <param name="name">Of <c>name.weight</c> [sum of outputs, inputs] and <c>name.bias</c> [sum of outputs].</param>
    /// <param name="outputs">Outputs of each part.</param>
    /// <param name="inputs">Inputs of all.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedLinear[] LinearParts(string name, ReadOnlySpan<int> outputs, int inputs, bool bias = true)
    {
        using var scope = TensorScope.Begin();
        var all = 0;
        foreach (var count in outputs)
        {
            all += count;
        }

        var stored = Take($"{name}.weight", [all, inputs]);
        var shifts = bias ? InSingle(Take($"{name}.bias", [all])).Reshape([1, all]) : null;
        var weight = stored.PackedFormat is null ? stored.ToTensor(_backend) : null;
        var parts = new PackedLinear[outputs.Length];
        for (int i = 0, first = 0; i < parts.Length; first += outputs[i++])
        {
            var shift = outputs.Length == 1 ? shifts?.Reshape([all]) : shifts?.Columns(first, outputs[i]).Reshape([outputs[i]]);
            parts[i] = Own(weight is null ? _backend.Pack(stored.PackedRows(first, outputs[i]), shift)
                : _backend.Pack(outputs.Length == 1 ? weight : weight.Rows(first, outputs[i]), shift));
        }

        return parts;
    }

    /// <summary>
    /// A convolution with a square kernel: <c>name.weight</c> [outputs, inputs, kernel, kernel], reordered to [outputs, kernel · kernel · inputs],
    /// and <c>name.bias</c> [outputs]. The caller disposes it.
    /// </summary>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedConv2d Conv2d(string name, int outputs, int inputs, int kernel, bool bias = true)
    {
        using var scope = TensorScope.Begin();
        var weight = Take($"{name}.weight", [outputs, inputs, kernel, kernel]).ToTensor(_backend);
        var patches = weight.Permute(0, 2, 3, 1).Reshape([outputs, kernel * kernel * inputs]);
        var packed = _backend.Pack(patches, bias ? InSingle(Take($"{name}.bias", [outputs])) : null);
        return Own(new PackedConv2d(packed, kernel, kernel, inputs));
    }

    /// <summary>Marks a tensor, or all tensors below a name, as deliberately unused. It need not exist.</summary>
    public void Ignore(string name)
    {
        var full = _prefix + name;
        _used.UnionWith(_checkpoint.Tensors.Keys.Where(n => n == full || n.StartsWith(full + ".", StringComparison.Ordinal)));
    }

    /// <summary>Checks that every tensor below the prefix was read or ignored.</summary>
    /// <exception cref="WeightFileException">Some were not; the message names the first few and says how many.</exception>
    public void RequireAllUsed()
    {
        string[] unused = [.. _checkpoint.Tensors.Keys
            .Where(n => n.StartsWith(_prefix, StringComparison.Ordinal) && !_used.Contains(n))
            .Order(StringComparer.Ordinal)];
        if (unused.Length > 0)
        {
            var names = string.Join(", ", unused.Take(NamesInMessage).Select(n => WeightFileException.Quote(n)));
            var more = unused.Length > NamesInMessage ? $" and {unused.Length - NamesInMessage} more" : "";
            var verb = unused.Length == 1 ? "1 tensor is" : $"{unused.Length} tensors are";
            throw Error($"{verb} not used by the model: {names}{more}.");
        }
    }

    /// <summary>
    /// Disposes everything that was read through this scope and those made from it: for loaders that fail before they hand over their weights.
    /// </summary>
    public void ReleaseAll()
    {
        _given.ForEach(given => given.Dispose());
        _given.Clear();
    }

    /// <summary>Registers an object made from weights for <see cref="ReleaseAll"/>; if that is not called, the caller disposes it.</summary>
    public T Own<T>(T made)
        where T : IDisposable
    {
        _given.Add(made);
        return made;
    }

    private Tensor InSingle(StoredTensor stored) => stored.Type.IsInteger()
        ? stored.ToTensor(_backend) // throws, naming the tensor
        : Tensors.Tensor.From(_backend, stored.ToSingles(), stored.Shape);

    private StoredTensor Take(string name, Shape expected)
    {
        var full = _prefix + name;
        if (!_checkpoint.Tensors.TryGetValue(full, out var stored))
        {
            throw Error(_checkpoint.Unreadable.TryGetValue(full, out var what)
                ? $"tensor {WeightFileException.Quote(full)} cannot be read: it is {what}."
                : $"tensor {WeightFileException.Quote(full)} is missing.");
        }

        if (stored.Shape != expected)
        {
            throw Error($"tensor {WeightFileException.Quote(full)} has shape {stored.Shape}, but {expected} is expected.");
        }

        stored.RequireFinite();
        _used.Add(full);
        return stored;
    }

    private WeightFileException Error(string sentence) => new($"{_checkpoint.FileName}: {sentence}");
}
