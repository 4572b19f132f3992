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
    private readonly List<IReadOnlyList<WeightRows>>? _trace;

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

    /// <summary>A scope that reads nothing and records what linear maps are made of.</summary>
    internal WeightScope(Checkpoint checkpoint, IBackend backend, List<IReadOnlyList<WeightRows>> trace)
        : this(checkpoint, backend, "", [], [], trace)
    {
    }

    private WeightScope(
        Checkpoint checkpoint,
        IBackend backend,
        string prefix,
        HashSet<string> used,
        List<IDisposable> given,
        List<IReadOnlyList<WeightRows>>? trace = null)
    {
        (_checkpoint, _backend, _prefix, _used, _given, _trace) = (checkpoint, backend, prefix, used, given, trace);
    }

    /// <summary>The checkpoint that is read.</summary>
    public Checkpoint Checkpoint => _checkpoint;

    /// <summary>The backend of the tensors.</summary>
    public IBackend Backend => _backend;

    /// <summary>The nested scope for names that continue with <paramref name="name"/> and a dot.</summary>
    public WeightScope Scope(string name) => new(_checkpoint, _backend, $"{_prefix}{name}.", _used, _given, _trace);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _checkpoint.Tensors.ContainsKey(_prefix + name);

    /// <summary>A tensor in its stored precision (Float64 is rounded to Float32). Retained: the caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public Tensor Tensor(string name, Shape expected) => Own(
        _trace is null ? Take(name, expected).ToTensor(_backend).Retain() : Tensors.Tensor.Empty(_backend, expected).Retain());

    /// <summary>A tensor in single precision. Retained: the caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public Tensor SingleTensor(string name, Shape expected)
    {
        using var scope = TensorScope.Begin();
        return Own(_trace is null ? InSingle(Take(name, expected)).Retain() : Tensors.Tensor.Empty(_backend, expected).Retain());
    }

    /// <summary>A table of rows [rows, columns] in its stored precision or blocks. The caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public LookupTable Table(string name, int rows, int columns)
    {
        using var scope = TensorScope.Begin();
        return _trace is null ? Own(new LookupTable(Take(name, [rows, columns]), _backend)) : null!;
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

        var parts = new PackedLinear[outputs.Length];
        if (_trace is not null)
        {
            for (int i = 0, first = 0; i < parts.Length; first += outputs[i++])
            {
                parts[i] = Traced([new WeightRows(name, all, first, outputs[i])], inputs);
            }

            return parts;
        }

        var stored = Take($"{name}.weight", [all, inputs]);
        var shifts = bias ? InSingle(Take($"{name}.bias", [all])).Reshape([1, all]) : null;
        var weight = stored.PackedFormat is null ? stored.ToTensor(_backend) : null;
        for (int i = 0, first = 0; i < parts.Length; first += outputs[i++])
        {
            var shift = outputs.Length == 1 ? shifts?.Reshape([all]) : shifts?.Columns(first, outputs[i]).Reshape([outputs[i]]);
            parts[i] = weight is not null ? Own(_backend.Pack(outputs.Length == 1 ? weight : weight.Rows(first, outputs[i]), shift))
                : Own(_backend.Pack(stored.PackedRows(first, outputs[i]), shift), [.. stored.ChangesOf(first, outputs[i])]);
        }

        return parts;
    }

    /// <summary>
    /// A linear map that is stored in parts, which follow each other in its outputs. Its weight has the parts' own precision or blocks if all have
    /// the same, and otherwise single precision. The caller disposes it.
    /// </summary>
    /// <param name="inputs">Inputs of all parts.</param>
    /// <param name="bias">Whether every part has a bias.</param>
    /// <param name="rows">The parts.</param>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedLinear Joined(int inputs, bool bias, params ReadOnlySpan<WeightRows> rows)
    {
        if (_trace is not null)
        {
            return Traced(rows, inputs);
        }

        using var scope = TensorScope.Begin();
        var outputs = 0;
        var stored = new StoredTensor[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            stored[i] = Take(rows[i].Weight, [rows[i].Of, inputs]);
            outputs += rows[i].Count;
        }

        var shift = bias ? Tensors.Tensor.Empty(_backend, [1, outputs]) : null;
        for (int i = 0, first = 0; shift is not null && i < rows.Length; first += rows[i++].Count)
        {
            var part = InSingle(Take(rows[i].Bias, [rows[i].Of])).Reshape([1, rows[i].Of]);
            shift.Columns(first, rows[i].Count).CopyFromInPlace(part.Columns(rows[i].First, rows[i].Count));
        }

        shift = shift?.Reshape([outputs]);
        return stored[0].PackedFormat is { } format && Array.TrueForAll(stored, part => part.PackedFormat == format)
            ? JoinedBlocks(stored, rows, format, shift)
            : Own(_backend.Pack(JoinedFloats(stored, rows, outputs, inputs), shift));
    }

    /// <summary>A linear map without bias whose weight is stored as [inputs, outputs]. The caller disposes it.</summary>
    /// <exception cref="WeightFileException">It is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedLinear Transposed(string name, int outputs, int inputs)
    {
        if (_trace is not null)
        {
            var none = Traced([WeightRows.All(name, outputs)], inputs);
            _trace[^1] = [];
            return none;
        }

        using var scope = TensorScope.Begin();
        return Own(_backend.Pack(Take(name, [inputs, outputs]).ToTensor(_backend).Permute(1, 0), null));
    }

    /// <summary>
    /// A convolution with a square kernel: <c>name.weight</c> [outputs, inputs, kernel, kernel], reordered to [outputs, kernel · kernel · inputs],
    /// and <c>name.bias</c> [outputs]. The caller disposes it.
    /// </summary>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedConv2d Conv2d(string name, int outputs, int inputs, int kernel, bool bias = true)
    {
        if (_trace is not null)
        {
            return new PackedConv2d(Traced([WeightRows.All(name, outputs)], kernel * kernel * inputs), kernel, kernel, inputs);
        }

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

    private PackedLinear Own(PackedLinear whole, WeightChange[] changes)
    {
        if (changes.Length == 0)
        {
            return Own(whole);
        }

        try
        {
            return Own(AdaptedLinear.Of(_backend, whole, changes));
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private Tensor JoinedFloats(StoredTensor[] stored, ReadOnlySpan<WeightRows> rows, int outputs, int inputs)
    {
        var parts = Array.ConvertAll(stored, part => part.ToTensor(_backend));
        if (parts.Any(part => part.Type != parts[0].Type))
        {
            parts = Array.ConvertAll(stored, InSingle); // the one precision that holds all others
        }

        var weight = Tensors.Tensor.Empty(_backend, [outputs, inputs], parts[0].Type);
        for (int i = 0, first = 0; i < parts.Length; first += rows[i++].Count)
        {
            weight.Rows(first, rows[i].Count).CopyFromInPlace(parts[i].Rows(rows[i].First, rows[i].Count));
        }

        return weight;
    }

    private PackedLinear JoinedBlocks(StoredTensor[] stored, ReadOnlySpan<WeightRows> rows, QuantizedFormat format, Tensor? shift)
    {
        var (outputs, inputs) = (0, stored[0].Shape[1]);
        foreach (var part in rows)
        {
            outputs += part.Count;
        }

        var bytes = new byte[checked((int)(outputs * format.RowBytes(inputs)))];
        float[] scales = stored.Any(part => part.Scales.Length > 0) ? new float[outputs] : [];
        var changes = new List<WeightChange>();
        for (int i = 0, first = 0; i < stored.Length; first += rows[i++].Count)
        {
            var part = stored[i].PackedRows(rows[i].First, rows[i].Count);
            part.Bytes.CopyTo(bytes.AsSpan((int)(first * part.RowBytes)));
            for (var row = 0; scales.Length > 0 && row < part.Rows; row++)
            {
                scales[first + row] = part.ScaleOf(row);
            }

            changes.AddRange(stored[i].ChangesOf(rows[i].First, rows[i].Count).Select(change => change.Below(first)));
        }

        return Own(_backend.Pack(new QuantizedMatrix(format, outputs, inputs, bytes, scales), shift), [.. changes]);
    }

    private TracedLinear Traced(ReadOnlySpan<WeightRows> rows, int inputs)
    {
        var outputs = 0;
        var named = new WeightRows[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            named[i] = rows[i] with { Weight = _prefix + rows[i].Weight, Bias = _prefix + rows[i].Bias };
            outputs += rows[i].Count;
        }

        _trace!.Add(named);
        return new TracedLinear { Inputs = inputs, Outputs = outputs, Type = DType.Float32 };
    }

    private sealed class TracedLinear : PackedLinear
    {
        protected override void Dispose(bool disposing)
        {
        }
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
