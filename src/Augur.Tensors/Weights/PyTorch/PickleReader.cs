namespace Augur.Tensors.Weights.PyTorch;

/// <summary>
/// Reads a pickle as a description of tensors in plain containers. It runs no code: calls to names that are not in <see cref="PickleGlobals"/> become
/// opaque values. Work and memory are proportional to the bytes of the pickle.
/// </summary>
internal sealed class PickleReader
{
    private const int MaxBytes = 64 << 20;
    private const int MaxMemo = 1 << 21;
    private const int LongestStorageKey = 64;
    private const int LongestName = 128;
    private const int MostNoted = 16;
    private readonly PickleCursor _cursor;
    private readonly PickleStack _stack;
    private readonly Dictionary<long, object?> _memo = [];
    private long _at;

    private PickleReader(WeightSource source, long begin, long end)
    {
        _cursor = new PickleCursor(source, begin, Math.Min(end, begin + MaxBytes));
        _stack = new PickleStack(Error);
    }

    /// <summary>The storages that the pickle refers to, by key.</summary>
    public Dictionary<string, PickledStorage> Storages { get; } = [];

    /// <summary>The first of the names that the pickle calls and that are not supported.</summary>
    public SortedSet<string> NotCalled { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads one pickle that begins at a position and ends before a limit; the position is advanced past it.</summary>
    public static PickleContents Read(WeightSource source, ref long position, long end)
    {
        var reader = new PickleReader(source, position, end);
        var value = reader.Run();
        position = reader._cursor.Position;
        return new PickleContents(value, reader.Storages, [.. reader.NotCalled]);
    }

    private object? Run()
    {
        while (true)
        {
            _at = _cursor.Position;
            var opcode = (PickleOpcode)_cursor.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                return _stack.Pop();
            }

            if (!TryPushPlain(opcode) && !TryCollect(opcode) && !TryRemember(opcode) && !TryBuild(opcode))
            {
                throw Error($"the pickle uses instruction 0x{(byte)opcode:x2}, which PyTorch does not write; refused.");
            }
        }
    }

    private bool TryPushPlain(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None: return Push(null);
            case PickleOpcode.NewTrue: return Push(true);
            case PickleOpcode.NewFalse: return Push(false);
            case PickleOpcode.BinInt: return Push((long)_cursor.Int32());
            case PickleOpcode.BinInt1: return Push((long)_cursor.Byte());
            case PickleOpcode.BinInt2: return Push((long)_cursor.UInt16());
            case PickleOpcode.Long1: return Push(_cursor.Integer(_cursor.Byte()));
            case PickleOpcode.Long4: return Push(_cursor.Integer(_cursor.UInt32()));
            case PickleOpcode.Int or PickleOpcode.Long: return Push(_cursor.IntegerLine());
            case PickleOpcode.Float: return Push(_cursor.DoubleLine());
            case PickleOpcode.BinFloat: return Push(_cursor.Double());
            case PickleOpcode.ShortBinUnicode or PickleOpcode.ShortBinString: return Push(_cursor.Text(_cursor.Byte()));
            case PickleOpcode.BinUnicode or PickleOpcode.BinString: return Push(_cursor.Text(_cursor.UInt32()));
            case PickleOpcode.BinUnicode8: return Push(_cursor.Text(_cursor.Int64()));
            case PickleOpcode.ShortBinBytes: return PushBytes(_cursor.Byte());
            case PickleOpcode.BinBytes: return PushBytes(_cursor.UInt32());
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: return PushBytes(_cursor.Int64());
            case PickleOpcode.Unicode or PickleOpcode.String: return Push(_cursor.Line().Trim('\''));
            case PickleOpcode.Global: return PushGlobal(_cursor.Line(), _cursor.Line());
            case PickleOpcode.Proto: _cursor.Skip(1); return true;
            case PickleOpcode.Frame: _cursor.Skip(8); return true;
            default: return false;
        }
    }

    private bool TryCollect(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark: _stack.PushMark(); return true;
            case PickleOpcode.EmptyList: return Push(new PickledList([]));
            case PickleOpcode.EmptyDict: return Push(new PickledDict());
            case PickleOpcode.EmptyTuple: return Push(new PickledTuple([]));
            case PickleOpcode.List: return Push(new PickledList([.. _stack.PopToMark()]));
            case PickleOpcode.Tuple: return Push(new PickledTuple(_stack.PopToMark()));
            case PickleOpcode.Tuple1: return PushTuple(1);
            case PickleOpcode.Tuple2: return PushTuple(2);
            case PickleOpcode.Tuple3: return PushTuple(3);
            case PickleOpcode.Dict: return Push(SetItems(new PickledDict(), _stack.PopToMark()));
            case PickleOpcode.Append: return AppendTo([_stack.Pop()]);
            case PickleOpcode.Appends: return AppendTo(_stack.PopToMark());
            case PickleOpcode.SetItem: return SetOn(_stack.PopSome(2));
            case PickleOpcode.SetItems: return SetOn(_stack.PopToMark());
            case PickleOpcode.EmptySet: return Push(new PickledOpaque("set"));
            case PickleOpcode.AddItems: return AppendTo(_stack.PopToMark());
            case PickleOpcode.FrozenSet: _ = _stack.PopToMark(); return Push(new PickledOpaque("frozenset"));
            default: return false;
        }
    }

    private bool TryRemember(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Pop: _stack.PopAny(); return true;
            case PickleOpcode.PopMark: _ = _stack.PopToMark(); return true;
            case PickleOpcode.Dup: return Push(_stack.Peek());
            case PickleOpcode.Put: return Memorise(MemoIndexLine());
            case PickleOpcode.BinPut: return Memorise(_cursor.Byte());
            case PickleOpcode.LongBinPut: return Memorise(_cursor.UInt32());
            case PickleOpcode.Memoize: return Memorise(_memo.Count);
            case PickleOpcode.Get: return Recall(MemoIndexLine());
            case PickleOpcode.BinGet: return Recall(_cursor.Byte());
            case PickleOpcode.LongBinGet: return Recall(_cursor.UInt32());
            default: return false;
        }
    }

    private bool TryBuild(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.StackGlobal:
                return _stack.PopSome(2) is [string module, string name]
                    ? PushGlobal(module, name)
                    : throw Error("the pickle imports something whose name is not text.");
            case PickleOpcode.Inst:
                // Older spellings of import-and-call; PyTorch uses neither.
                _ = _stack.PopToMark();
                return PushOpaque(FullName(_cursor.Line(), _cursor.Line()));
            case PickleOpcode.Obj:
                return PushOpaque(_stack.PopToMark() is [PickledGlobal made, ..] ? made.FullName : "object");
            case PickleOpcode.NewObjEx:
                return PushOpaque(_stack.PopSome(3) is [PickledGlobal called, _, _] ? called.FullName : "object");
            case PickleOpcode.Reduce or PickleOpcode.NewObj:
                return Call();
            case PickleOpcode.Build:
                return SetState();
            case PickleOpcode.BinPersId:
                return PushStorage(_stack.Pop());
            case PickleOpcode.PersId:
                _ = _cursor.Line();
                return PushOpaque("object in the file");
            default:
                return false;
        }
    }

    private bool PushGlobal(string module, string name) => Push(new PickledGlobal(FullName(module, name)));

    // Long names are not among the known ones; they are not joined, to bound the work.
    private static string FullName(string module, string name) =>
        module.Length + name.Length < LongestName ? $"{module}.{name}" : name.Length < LongestName ? name : name[..LongestName];

    private bool Call()
    {
        var made = _stack.PopSome(2) switch
        {
            [PickledGlobal global, PickledTuple arguments] => PickleGlobals.Call(global.FullName, arguments.Items),
            [PickledGlobal global, _] => new PickledOpaque(global.FullName),
            [PickledOpaque opaque, _] => new PickledOpaque(opaque.What),
            _ => new PickledOpaque("object"),
        };
        return made is PickledOpaque unknown ? PushOpaque(unknown.What) : Push(made);
    }

    private bool PushOpaque(string what)
    {
        if (NotCalled.Count < MostNoted)
        {
            NotCalled.Add(what);
        }

        return Push(new PickledOpaque(what));
    }

    // The state of an object has its other attributes, such as settings or version numbers, and is ignored.
    private bool SetState()
    {
        _ = _stack.Pop();
        _ = _stack.Peek();
        return true;
    }

    private bool PushStorage(object? reference)
    {
        if (reference is not PickledTuple { Items: ["storage", PickledGlobal global, string key, string, long count, .. var view] }
            || !PickleGlobals.TryGetStorage(global.FullName, out var type)
            || view is not ([] or [null]))
        {
            return PushOpaque(reference is PickledTuple { Items: [string, PickledGlobal unknown, ..] } ? unknown.FullName : "object in the file");
        }

        if (key.Length > LongestStorageKey || count < 0 || count > long.MaxValue / sizeof(double))
        {
            throw Error($"the storage {WeightFileException.Quote(key)} has an impossible name or number of elements.");
        }

        var storage = new PickledStorage(key, type, count);
        if (!Storages.TryAdd(key, storage) && Storages[key] != storage)
        {
            throw Error($"the storage {WeightFileException.Quote(key)} is described in two ways.");
        }

        return Push(storage);
    }

    private bool PushBytes(long length)
    {
        _cursor.Skip(length);
        return Push(new PickledOpaque("bytes"));
    }

    private bool PushTuple(int count) => Push(new PickledTuple(_stack.PopSome(count)));

    private bool AppendTo(object?[] items)
    {
        switch (_stack.Peek())
        {
            case PickledList list: list.Items.AddRange(items); return true;
            case PickledOpaque: return true;
            default: throw Error("the pickle appends to something that is not a list.");
        }
    }

    private bool SetOn(object?[] items)
    {
        SetItems(_stack.Peek() as PickledDict ?? throw Error("the pickle sets items of something that is not a dictionary."), items);
        return true;
    }

    private PickledDict SetItems(PickledDict dictionary, object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw Error("the pickle sets a key without a value.");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Add(items[i], items[i + 1]);
        }

        return dictionary;
    }

    private bool Memorise(long index)
    {
        if (_memo.Count >= MaxMemo)
        {
            throw Error($"the pickle remembers more than {MaxMemo} values.");
        }

        _memo[index] = _stack.Peek();
        return true;
    }

    private bool Recall(long index) => _memo.TryGetValue(index, out var value)
        ? Push(value)
        : throw Error($"the pickle recalls value {index}, which it did not store.");

    private long MemoIndexLine() => _cursor.IntegerLine() is long index ? index : throw Error("the pickle numbers a value with a truth value.");

    private bool Push(object? value)
    {
        _stack.Push(value);
        return true;
    }

    private WeightFileException Error(string sentence) => _cursor.Error(_at, sentence);
}

/// <summary>What one pickle described.</summary>
/// <param name="Value">The object.</param>
/// <param name="Storages">The storages that it refers to, by key.</param>
/// <param name="NotCalled">Names that the pickle calls and that are not supported.</param>
internal sealed record PickleContents(object? Value, Dictionary<string, PickledStorage> Storages, IReadOnlyList<string> NotCalled);
