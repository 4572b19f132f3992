using System.Runtime.InteropServices;
using System.Text;

namespace Augur.Vulkan;

/// <summary>
/// Turns SPIR-V with SPV_NV_cooperative_matrix into SPV_KHR_cooperative_matrix, which every vendor has. Widely installed GLSL compilers know the
/// older extension only; the two differ in a type's «use» (A, B or accumulator) and in how a layout is given.
/// </summary>
/// <remarks>
/// Which use a type has is read from the products it is in. The sources give A, B and C different specialisation constants as extents, so that the
/// types differ.
/// </remarks>
internal static class CooperativeMatrixRewriter
{
    private const int OpExtension = 10, OpCapability = 17, OpTypeInt = 21, OpConstantTrue = 41, OpConstantFalse = 42, OpConstant = 43;
    private const int OpSpecConstantOp = 52;
    private const int CapabilityNvidia = 5357, TypeNvidia = 5358, LoadNvidia = 5359, StoreNvidia = 5360, MultiplyNvidia = 5361, LengthNvidia = 5362;
    private const int TypeKhronos = 4456, LoadKhronos = 4457, StoreKhronos = 4458, MultiplyKhronos = 4459, LengthKhronos = 4460;
    private const int CapabilityKhronos = 6022;

    /// <summary>The module with the newer instructions; the module itself where it has no matrices.</summary>
    /// <param name="code">A module, in words.</param>
    public static uint[] ToKhronos(uint[] code)
    {
        var instructions = Split(code);
        if (!instructions.Any(i => i.Operation == TypeNvidia))
        {
            return code;
        }

        var use = Uses(instructions);
        var unsigned = instructions.First(i => i.Operation == OpTypeInt && i.Words[2] == 32 && i.Words[3] == 0).Words[1];
        var columnMajor = instructions.Where(i => i.Operation is OpConstantTrue or OpConstantFalse)
            .ToDictionary(i => i.Words[2], i => i.Operation == OpConstantTrue);
        var next = code[3];
        uint[] numbers = [next, next + 1, next + 2];
        uint Layout(uint boolean) => numbers[columnMajor[boolean] ? 1 : 0];
        var result = new List<uint>(code.Length + 64);
        result.AddRange([code[0], code[1], code[2], next + 3, code[4]]);
        void Emit(int operation, params ReadOnlySpan<uint> operands)
        {
            result.Add(((uint)(operands.Length + 1) << 16) | (uint)operation);
            result.AddRange(operands);
        }

        foreach (var (operation, w) in instructions)
        {
            switch (operation)
            {
                case OpCapability when w[1] == CapabilityNvidia:
                    Emit(operation, (uint)CapabilityKhronos);
                    break;
                case OpExtension when Text(w) == "SPV_NV_cooperative_matrix":
                    Emit(operation, Words("SPV_KHR_cooperative_matrix"));
                    break;
                case OpTypeInt when w[1] == unsigned:
                    result.AddRange(w);
                    for (uint i = 0; i < 3; i++)
                    {
                        Emit(OpConstant, unsigned, numbers[i], i);
                    }

                    break;
                case TypeNvidia:
                    Emit(TypeKhronos, w[1], w[2], w[3], w[4], w[5], numbers[use.GetValueOrDefault(w[1], 2u)]);
                    break;
                case LoadNvidia:
                    Emit(LoadKhronos, [w[1], w[2], w[3], Layout(w[5]), w[4], .. w[6..]]);
                    break;
                case StoreNvidia:
                    Emit(StoreKhronos, [w[1], w[2], Layout(w[4]), w[3], .. w[5..]]);
                    break;
                case MultiplyNvidia:
                    Emit(MultiplyKhronos, w.AsSpan(1));
                    break;
                case LengthNvidia:
                    Emit(LengthKhronos, w.AsSpan(1));
                    break;
                case OpSpecConstantOp when w[3] == LengthNvidia: // a length inside a constant expression
                    Emit(operation, [w[1], w[2], (uint)LengthKhronos, .. w[4..]]);
                    break;
                default:
                    result.AddRange(w);
                    break;
            }
        }

        return [.. result];
    }

    /// <summary>The instructions of a module, each with its first word.</summary>
    internal static List<(int Operation, uint[] Words)> Split(uint[] code)
    {
        var instructions = new List<(int Operation, uint[] Words)>();
        for (var i = 5; i < code.Length;)
        {
            var length = (int)(code[i] >> 16);
            instructions.Add(((int)(code[i] & 0xffff), code[i..(i + length)]));
            i += length;
        }

        return instructions;
    }

    // 0 A, 1 B, 2 accumulator, by type.
    private static Dictionary<uint, uint> Uses(List<(int Operation, uint[] Words)> instructions)
    {
        var matrixTypes = instructions.Where(i => i.Operation == TypeNvidia).Select(i => i.Words[1]).ToHashSet();
        var typeOf = new Dictionary<uint, uint>();
        foreach (var (operation, w) in instructions)
        {
            // Every instruction with a matrix type as its first operand has that type and a result; no other kind has such an operand there.
            if (w.Length > 2 && matrixTypes.Contains(w[1]) && operation != TypeNvidia)
            {
                typeOf[w[2]] = w[1];
            }
        }

        var use = new Dictionary<uint, uint>();
        foreach (var (_, w) in instructions.Where(i => i.Operation == MultiplyNvidia))
        {
            foreach (var (type, u) in new[] { (typeOf[w[3]], 0u), (typeOf[w[4]], 1u), (typeOf[w[5]], 2u) })
            {
                if (use.TryGetValue(type, out var known) && known != u)
                {
                    throw new InvalidOperationException(
                        "A type of cooperative matrices stands in two places of a product; A, B and C need extents of their own.");
                }

                use[type] = u;
            }
        }

        return use;
    }

    private static string Text(uint[] w) => Encoding.UTF8.GetString(MemoryMarshal.AsBytes(w.AsSpan(1))).TrimEnd('\0');

    private static uint[] Words(string text)
    {
        var words = new uint[(text.Length / 4) + 1];
        Encoding.UTF8.GetBytes(text, MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }
}
