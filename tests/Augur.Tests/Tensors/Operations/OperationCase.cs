using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

/// <summary>An operation as the contract tests see it: operands in, numbers out.</summary>
/// <param name="Name">As the failed test names it.</param>
/// <param name="Run">Result, outermost axis first.</param>
internal sealed record OperationCase(string Name, Func<Operands, double[]> Run)
{
    private static readonly Shape[] s_rows =
        [[1, 1], [3, 1], [1, 7], [2, 16], [2, 3, 5], [2, 5, 72], [3, 4, 33], [2, 1, 129], [2, 9, 64], [1, 2, 3, 4, 31], [0, 4, 8], [2, 0, 8]];

    /// <summary>Shapes to run over.</summary>
    public Shape[] Shapes { get; init; } = s_rows;

    /// <summary>A shape large enough to be shared out over threads.</summary>
    public Shape Large { get; init; } = [3, 50, 480];

    /// <summary>Largest difference from the plain backend, relative to the larger of 1 and the value.</summary>
    public double Tolerance { get; init; } = 2e-6;

    /// <summary>Whether an entry of the outermost axis of the result belongs to that entry of the operands.</summary>
    public bool IsPerEntry { get; init; } = true;

    public static IEnumerable<CpuPath> Paths => Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported);

    public static OperationCase Of(string name, Func<Operands, Tensor> run) => new(name, o => Doubles(run(o)));

    public static double[] Doubles(Tensor y) =>
        y.Type == DType.Int32 ? Array.ConvertAll(y.ToInt32Array(), i => (double)i) : Array.ConvertAll(y.As(DType.Float32).ToArray(), v => (double)v);
}
