using System.Runtime.InteropServices;

namespace Augur.Tensors.Weights.PyTorch;

/// <summary>The stack on which a pickle builds its values, with the marks that say where a collection begins.</summary>
/// <param name="error">Makes an error at the instruction that is being read.</param>
internal sealed class PickleStack(Func<string, WeightFileException> error)
{
    private const int MaxDepth = 1 << 20;
    private static readonly object s_mark = new();
    private readonly List<object?> _values = [];

    public void PushMark() => Push(s_mark);

    public void Push(object? value)
    {
        if (_values.Count >= MaxDepth)
        {
            throw error($"the pickle stacks more than {MaxDepth} values.");
        }

        _values.Add(value);
    }

    public object? Peek() => _values.Count > 0 && _values[^1] != s_mark ? _values[^1] : throw error("the pickle uses a value that is not there.");

    public object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>Drops a value or a mark.</summary>
    public void PopAny()
    {
        if (_values.Count == 0)
        {
            throw error("the pickle drops a value that is not there.");
        }

        _values.RemoveAt(_values.Count - 1);
    }

    /// <summary>The last values in the order in which they were pushed.</summary>
    public object?[] PopSome(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        return values;
    }

    /// <summary>The values since the last mark, which goes too.</summary>
    public object?[] PopToMark()
    {
        var mark = _values.FindLastIndex(v => ReferenceEquals(v, s_mark));
        if (mark < 0)
        {
            throw error("the pickle collects values without having marked where they begin.");
        }

        var values = CollectionsMarshal.AsSpan(_values)[(mark + 1)..].ToArray();
        _values.RemoveRange(mark, _values.Count - mark);
        return values;
    }
}
