using System.Reflection;
using Augur.Catalogs;

namespace Augur.Tests;

/// <summary>What a stranger can call says which argument is missing.</summary>
public sealed class NullArgumentTests
{
    private static readonly NullabilityInfoContext s_nullability = new();

    public static TheoryData<string> Entries => [.. Callable().Select(Describe).Distinct()];

    [Theory]
    [MemberData(nameof(Entries))]
    public void Null_for_what_is_needed_is_an_argument_error(string entry)
    {
        foreach (var method in Callable().Where(m => Describe(m) == entry))
        {
            var thrown = Record.Exception(() => Call(method));
            Assert.True(thrown is ArgumentException, $"{Describe(method)}: {thrown?.GetType().Name ?? "nothing was said"}");
        }
    }

    private static object? Call(MethodBase method)
    {
        var arguments = method.GetParameters().Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();
        try
        {
            return method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(null, arguments);
        }
        catch (TargetInvocationException called)
        {
            throw called.InnerException!;
        }
    }

    // Static methods and constructors that need an object; a record says what it holds and checks where it is used.
    private static IEnumerable<MethodBase> Callable() =>
        from assembly in (Assembly[])[typeof(ModelCatalog).Assembly, typeof(Augur.Tensors.Tensor).Assembly]
        from type in assembly.GetExportedTypes()
        where !type.IsGenericTypeDefinition && !type.IsInterface && !typeof(Delegate).IsAssignableFrom(type) && type.GetMethod("<Clone>$") is null
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Cast<MethodBase>()
            .Concat(type.IsAbstract || type.IsValueType ? [] : type.GetConstructors())
        where !method.IsSpecialName || method is ConstructorInfo
        where !method.IsGenericMethodDefinition && method.GetParameters().Any(IsNeeded)
        where method.GetParameters().All(p => !p.ParameterType.IsByRefLike && !p.ParameterType.IsByRef && !p.ParameterType.IsPointer)
        select method;

    private static bool IsNeeded(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && s_nullability.Create(parameter).WriteState == NullabilityState.NotNull;

    private static string Describe(MethodBase method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
