using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>Every operation, on every backend of the table, against the plain backend and against itself.</summary>
public sealed class OperationContractTests
{
    public static TheoryData<string, string> Operations
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var operation in OperationCatalog.All)
            {
                foreach (var backend in BackendTable.All)
                {
                    rows.Add(operation.Name, backend.Name);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_equals_the_plain_backend_for_every_shape_and_layout(string name, string on)
    {
        var operation = OperationCatalog.Named(name);
        using var plain = new ReferenceBackend();
        using var fast = BackendTable.Open(on, 1);
        foreach (var shape in operation.Shapes)
        {
            foreach (var asViews in new[] { false, true })
            {
                using var scope = TensorScope.Begin();
                var expected = operation.Run(new Operands(plain, shape, asViews));
                var actual = operation.Run(new Operands(fast, shape, asViews));
                AssertClose(expected, actual, operation.Tolerance, $"{name} {shape}{(asViews ? " as views" : "")}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void The_number_of_threads_does_not_change_a_bit(string name, string on)
    {
        var operation = OperationCatalog.Named(name);
        double[]? expected = null;
        foreach (var threads in BackendTable.ThreadCounts(on))
        {
            using var backend = BackendTable.Open(on, threads);
            using var scope = TensorScope.Begin();
            var actual = operation.Run(new Operands(backend, operation.Large));
            expected ??= actual;
            AssertSameBits(expected, actual, $"{name} with {threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_batch_entry_does_not_depend_on_its_neighbours(string name, string on)
    {
        var operation = OperationCatalog.Named(name);
        using var backend = BackendTable.Open(on, 1);
        foreach (var shape in operation.Shapes.Append(operation.Large).Where(s => operation.IsPerEntry && s[0] > 1))
        {
            foreach (var asViews in shape == operation.Large ? [false] : new[] { false, true })
            {
                using var scope = TensorScope.Begin();
                var all = operation.Run(new Operands(backend, shape, asViews));
                var length = all.Length / shape[0];
                foreach (var entry in new[] { 0, shape[0] - 1 })
                {
                    var alone = operation.Run(new Operands(backend, shape, asViews, entry));
                    AssertSameBits(all.AsSpan(entry * length, length).ToArray(), alone, $"{name} {shape}, entry {entry} alone");
                }
            }
        }
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed) && !expected[i].Equals(actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]}, not {expected[i]}.");
            }
        }
    }

    private static void AssertSameBits(double[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
            }
        }
    }
}
