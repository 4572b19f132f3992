using System.Reflection;
using Augur.Catalogs;

namespace Augur.Tests;

/// <summary>
/// A default of an interface goes on answering for a class whose base implements the interface, even where the class has a member of that name:
/// whoever asks through the interface would be told something else than whoever asks the class.
/// </summary>
public sealed class DefaultMemberTests
{
    private static readonly Assembly[] s_assemblies =
    [
        typeof(Augur.Tensors.Tensor).Assembly, typeof(Augur.Vulkan.VulkanBackend).Assembly, typeof(PolicyCatalog).Assembly,
        typeof(Augur.Cli.Commands.AugurCommand).Assembly, typeof(Augur.Extensions.AI.AugurChatClient).Assembly,
    ];

    [Fact]
    public void No_default_of_an_interface_answers_in_place_of_a_member_of_the_class() =>
        Assert.Empty(s_assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Hidden));

    [Fact]
    public void The_check_sees_a_member_that_the_interface_does_not() => Assert.Equal(["Derived.get_Count"], Hidden(typeof(Derived)));

    private static IEnumerable<string> Hidden(Type type) =>
        from contract in type.IsInterface ? [] : type.GetInterfaces()
        let map = type.GetInterfaceMap(contract)
        from answer in map.TargetMethods
        where answer is { DeclaringType.IsInterface: true, IsStatic: false, IsAbstract: false }
        where type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(method => method.Name == answer.Name
            && method.GetParameters().Select(p => p.ParameterType).SequenceEqual(answer.GetParameters().Select(p => p.ParameterType)))
        select $"{type.Name}.{answer.Name}";

    private interface ICounted
    {
        int Count => 0;
    }

    private abstract class Foundation : ICounted;

    private sealed class Derived : Foundation
    {
        public int Count { get; } = 1;
    }
}
