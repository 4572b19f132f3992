using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Augur.Tests;

/// <summary>
/// What a type of an assembly depends on, by its signatures, its code and its attributes. Names are full; types within types are joined by points.
/// </summary>
/// <param name="Name">Of the type.</param>
/// <param name="Targets">Full names.</param>
internal sealed record TypeDependencies(string Name, IReadOnlySet<string> Targets)
{
    /// <summary>Those of every type of an assembly, what the compiler made of its lambdas and iterators included.</summary>
    public static IReadOnlyList<TypeDependencies> Of(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. module.GetTypes().Where(t => !t.Name.StartsWith('<')).Select(type =>
        {
            var found = new HashSet<string>();
            Look(type, found);
            return new TypeDependencies(NameOf(type), found);
        })];
    }

    private static void Look(TypeDefinition type, HashSet<string> found)
    {
        Add(type.BaseType, found);
        Attributes(type, found);
        foreach (var contract in type.Interfaces)
        {
            Add(contract.InterfaceType, found);
        }

        foreach (var field in type.Fields)
        {
            Add(field.FieldType, found);
            Attributes(field, found);
        }

        foreach (var method in type.Methods)
        {
            Attributes(method, found);
            Signature(method, found);
            foreach (var bound in method.GenericParameters.Concat(type.GenericParameters).SelectMany(p => p.Constraints))
            {
                Add(bound.ConstraintType, found);
            }

            if (method.HasBody)
            {
                Code(method.Body, found);
            }
        }

        foreach (var made in type.NestedTypes.Where(t => t.Name.StartsWith('<'))) // closures and iterators
        {
            Look(made, found);
        }
    }

    private static void Code(MethodBody body, HashSet<string> found)
    {
        foreach (var variable in body.Variables)
        {
            Add(variable.VariableType, found);
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            Add(handler.CatchType, found);
        }

        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type, found);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType, found);
                    Add(field.FieldType, found);
                    break;
                case MethodReference method:
                    Add(method.DeclaringType, found);
                    Signature(method, found);
                    break;
            }
        }
    }

    private static void Signature(MethodReference method, HashSet<string> found)
    {
        Add(method.ReturnType, found);
        foreach (var parameter in method.Parameters)
        {
            Add(parameter.ParameterType, found);
        }

        foreach (var argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
        {
            Add(argument, found);
        }
    }

    private static void Attributes(ICustomAttributeProvider owner, HashSet<string> found)
    {
        foreach (var attribute in owner.CustomAttributes)
        {
            Add(attribute.AttributeType, found);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.Properties.Select(p => p.Argument)))
            {
                Add(argument.Value as TypeReference, found);
            }
        }
    }

    private static void Add(TypeReference? type, HashSet<string> found)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case FunctionPointerType pointer:
                Add(pointer.ReturnType, found);
                foreach (var parameter in pointer.Parameters)
                {
                    Add(parameter.ParameterType, found);
                }

                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments)
                {
                    Add(argument, found);
                }

                break;
        }

        if (type is TypeSpecification whole)
        {
            Add(whole.ElementType, found);
        }
        else
        {
            found.Add(NameOf(type));
        }
    }

    private static string NameOf(TypeReference type) => type.DeclaringType is { } outer ? $"{NameOf(outer)}.{type.Name}"
        : type.Namespace.Length > 0 ? $"{type.Namespace}.{type.Name}" : type.Name;
}
