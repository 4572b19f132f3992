using System.Reflection;
using Augur.Caching;
using Augur.Sampling;

namespace Augur.Tests;

/// <summary>Stands before any interface and does as it does, except that one member throws, from a given call of it on.</summary>
public class Faulty : DispatchProxy
{
    private object _inner = null!;
    private Fault _fault = null!;

    /// <summary>The members of an interface by which it can fail, each once.</summary>
    public static IEnumerable<string> MembersOf<T>() =>
        typeof(T).GetInterfaces().Append(typeof(T)).SelectMany(i => i.GetMethods()).Select(m => m.Name).Distinct();

    /// <summary>The same, and what it hands out of the fault's interface is faulty too.</summary>
    public static T Wrap<T>(T inner, Fault fault)
        where T : class
    {
        var proxy = Create<T, Faulty>();
        ((Faulty)(object)proxy)._inner = inner;
        ((Faulty)(object)proxy)._fault = fault;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var isDue = _fault.IsDue(targetMethod!);
        if (isDue && targetMethod!.Name != nameof(IDisposable.Dispose))
        {
            return _fault.Answer is { } answer ? answer() : throw new BrokenException();
        }

        var result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        return isDue ? throw new BrokenException() : _fault.Hand(result); // what is disposed is disposed
    }
}

/// <summary>What is to go wrong.</summary>
/// <param name="Interface">Where.</param>
/// <param name="Member">In which member of it.</param>
/// <param name="From">From which call of the member on, from 1.</param>
/// <param name="Answer">What it answers then; null: it throws.</param>
public sealed record Fault(Type Interface, string Member, int From = 1, Func<object?>? Answer = null)
{
    /// <summary>What of an answer can go wrong: these are not members of the memory, but of what it answers.</summary>
    public static IReadOnlyList<string> Continuations { get; } = ["Observe", "Forecast", "Judge", "Select", "Merge", "Hear"];

    private int _calls;

    /// <summary>Whether it went wrong at all.</summary>
    public bool Happened { get; private set; }

    public bool IsDue(MethodInfo method) =>
        method.Name == Member && (method.DeclaringType == Interface || Member == nameof(IDisposable.Dispose)) && IsDue();

    private bool IsDue()
    {
        var isDue = ++_calls >= From;
        Happened |= isDue;
        return isDue;
    }

    private Answer Break(Answer answer) => answer with
    {
        Observe = Member == "Observe" && answer.Observe is { } observe ? (a, b) => Do(() => observe(a, b)) : answer.Observe,
        Forecast = Member == "Forecast" && answer.Forecast is { } forecast ? () => Get(forecast) : answer.Forecast,
        Judge = Member == "Judge" && answer.Judge is { } judge ? verification => Do(() => judge(verification)) : answer.Judge,
        Select = Member == "Select" && answer.Select is { } select ? input => Get(() => select(input)) : answer.Select,
        Merge = Member == "Merge" && answer.Merge is { } merge ? (a, b) => Do(() => merge(a, b)) : answer.Merge,
        Hear = Member == "Hear" && answer.Hear is { } hear ? signal => Do(() => hear(signal)) : answer.Hear,
    };

    private void Do(Action act) => Get<object?>(() =>
    {
        act();
        return null;
    });

    private T Get<T>(Func<T> make) => !IsDue() ? make() : Answer is { } answer ? (T)answer()! : throw new BrokenException();

    public object? Hand(object? result) => result switch
    {
        ISampleMemory memory when Interface == typeof(ISampleMemory) => Faulty.Wrap(memory, this),
        Answer answer when Interface == typeof(ISampleMemory) && Continuations.Contains(Member) => Break(answer),
        ISamplerRun run when Interface == typeof(ISamplerRun) => Faulty.Wrap(run, this),
        _ => result,
    };
}

/// <summary>The cause that a failing double gives.</summary>
public sealed class BrokenException : Exception
{
    public BrokenException()
        : base("broken on purpose")
    {
    }
}
