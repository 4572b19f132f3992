using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>Every operation of a backend, as cases of the contract tests.</summary>
internal static class OperationCatalog
{
    private static readonly Shape[] s_images = [[1, 1, 1, 4], [2, 3, 5, 8], [1, 9, 7, 36], [2, 4, 4, 64], [3, 6, 1, 12], [0, 2, 2, 4]];
    private static readonly Shape[] s_tokens = [[1, 1, 1], [2, 5, 7], [3, 12, 33], [2, 9, 64]];
    private static readonly Shape[] s_scores = [[1, 1], [3, 2], [2, 33], [5, 257], [1, 1000]];

    public static IReadOnlyList<OperationCase> All { get; } =
        [.. Elementwise(), .. Combinations(), .. ForecastingCases.All, .. Conversions(), .. Norms(), .. Errors(), .. Convolutions(), .. Movement(),
            .. Selections(), .. PoolingCases.All, .. TokenCases.All, .. TransformerCases.All];

    public static OperationCase Named(string name) => All.Single(c => c.Name == name);

    private static IEnumerable<OperationCase> Elementwise()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            yield return OperationCase.Of($"Activate {activation}", o => o.Next().Activate(activation));
        }

        yield return OperationCase.Of("Multiply", o => o.Next() * o.Next());
        yield return OperationCase.Of("Clamp", o => o.Next().Clamp(-1.5f, 0.75f));
        yield return OperationCase.Of("AddGated", o => o.Next().AddGated(o.Next([o.Batch, o.Channels]), o.Next()));
        yield return OperationCase.Of("Fill", o =>
        {
            var x = o.Next();
            o.Backend.Fill(x, -0.7f);
            return x;
        });
    }

    private static IEnumerable<OperationCase> Combinations()
    {
        foreach (var terms in new[] { 1, 2, 3, 5, 9 })
        {
            yield return OperationCase.Of($"LinearCombination of {terms}", o => Tensor.Combine(Terms(o, terms), Coefficients(terms)));
            yield return OperationCase.Of($"LinearCombination of {terms} with coefficients per entry", o =>
            {
                var all = Terms(o, terms);
                return Tensor.Combine(all, o.CoefficientsPerEntry(terms));
            });
        }

        yield return OperationCase.Of("LinearCombination over one of its terms", o =>
        {
            var all = Terms(o, 3);
            all[1].CombineInPlace(all, Coefficients(3));
            return all[1];
        });
    }

    private static IEnumerable<OperationCase> Conversions()
    {
        yield return OperationCase.Of("Copy", o => o.Next().Copy());
        yield return OperationCase.Of("Copy into a view", o =>
        {
            var y = o.Next();
            y.CopyFromInPlace(o.Next());
            return y;
        });
        foreach (var type in new[] { DType.Float16, DType.BFloat16 })
        {
            var other = type == DType.Float16 ? DType.BFloat16 : DType.Float16;
            yield return OperationCase.Of($"Copy to {type}", o => o.Next().As(type)) with { Tolerance = 0 };
            yield return OperationCase.Of($"Copy from {type} to {other}", o => o.Next().As(type).As(other)) with { Tolerance = 0 };
        }

        yield return OperationCase.Of("Fill with BFloat16", o =>
        {
            var x = Tensor.Empty(o.Backend, o.MadeShape, DType.BFloat16);
            o.Backend.Fill(x, 0.1f);
            return x;
        }) with
        { Tolerance = 0 };
    }

    private static IEnumerable<OperationCase> Norms()
    {
        yield return OperationCase.Of("LayerNorm", o => o.Next().LayerNorm(1e-6f)) with { Tolerance = 5e-6, Shapes = WideRows };
        yield return OperationCase.Of(
            "LayerNorm with modulation",
            o => o.Next().ModulatedLayerNorm(o.Next([o.Batch, o.Channels]), o.Next([o.Batch, o.Channels]), 1e-6f)) with
        { Tolerance = 1e-5, Shapes = WideRows };
        yield return OperationCase.Of("LayerNorm with a shift", o =>
        {
            var (x, shift) = (o.Next(), o.Next([o.Batch, o.Channels]));
            var y = Tensor.Empty(o.Backend, x.Shape);
            o.Backend.LayerNorm(x, shift, null, 1e-5f, y);
            return y;
        }) with
        { Tolerance = 5e-6, Shapes = WideRows };
        foreach (var (groups, activation) in new[] { (1, Activation.None), (4, Activation.Silu), (2, Activation.GeluTanh), (4, Activation.GeluErf) })
        {
            yield return OperationCase.Of(
                $"GroupNorm in {groups} groups with {activation}",
                o => o.Next().GroupNorm(groups, o.Shared([o.Channels]), o.Shared([o.Channels]), 1e-5f, activation)) with
            {
                Shapes = s_images,
                Large = [2, 24, 40, 48],
                Tolerance = 1e-5,
            };
        }
    }

    // A row of one or two columns normalises to values that hang on epsilon and on the last bit of a difference.
    private static Shape[] WideRows => [[1, 7], [2, 16], [2, 3, 5], [2, 5, 72], [3, 4, 33], [2, 1, 129], [2, 9, 64], [1, 3, 300], [0, 4, 8]];

    private static IEnumerable<OperationCase> Errors()
    {
        foreach (var measure in Enum.GetValues<ErrorMeasure>())
        {
            yield return new OperationCase($"RowErrors {measure}", o => o.Next().ErrorsFrom(o.Next(), measure)) with
            {
                Shapes = [[1, 1], [3, 1], [1, 7], [2, 16], [2, 3, 5], [2, 5, 72], [3, 4, 33], [2, 1, 129], [2, 40, 77], [0, 4, 8]],
                Tolerance = 1e-12,
            };
        }
    }

    private static IEnumerable<OperationCase> Convolutions()
    {
        // Large: two blocks of patches, not cut at the image.
        yield return Convolution("Conv2d 3x3", 3, 3, 1, Padding.All(1)) with { Large = [2, 50, 64, 72] };
        yield return Convolution("Conv2d 1x1", 1, 1, 1, default);
        yield return Convolution("Conv2d 3x3 of stride 2, padded below and right", 3, 3, 2, new Padding(0, 0, 2, 2));
        yield return Convolution("Conv2d 2x3 with wide padding", 2, 3, 1, new Padding(3, 4, 1, 2));
        yield return Convolution("Conv2d 1x1 of stride 2", 1, 1, 2, default);
    }

    private static OperationCase Convolution(string name, int height, int width, int stride, Padding padding) => OperationCase.Of(name, o =>
    {
        var inputs = height * width * o.Channels;
        var weight = (1 / MathF.Sqrt(inputs)) * Tensor.From(o.Backend, o.Numbers(6L * inputs), [6, inputs]); // sums about as large as x
        var bias = Tensor.From(o.Backend, o.Numbers(6), [6]);
        using var packed = new PackedConv2d(o.Backend.Pack(weight, bias), height, width, o.Channels);
        return o.Next().Conv2d(packed, stride, padding);
    }) with
    { Shapes = s_images, Large = [2, 30, 40, 4], Tolerance = 5e-6 };

    private static IEnumerable<OperationCase> Movement()
    {
        yield return OperationCase.Of("UpsampleNearest2x", o => o.Next().UpsampleNearest2x()) with { Shapes = s_images, Large = [2, 24, 40, 20] };
        yield return OperationCase.Of("GatherTokens", o => o.Next().GatherTokens(o.Indices(Kept(o), o.Shape[1]))) with { Shapes = s_tokens };
        yield return OperationCase.Of("ScatterTokensInPlace", o =>
        {
            var y = o.Next();
            y.ScatterTokensInPlace(o.Indices(Kept(o), o.Shape[1]), o.Next(o.Shape.With(1, Kept(o))));
            return y;
        }) with
        { Shapes = s_tokens };
        yield return OperationCase.Of("GatherRows", o => o.Next().GatherRows(Reversed(o))) with { Shapes = s_tokens, IsPerEntry = false };
        yield return OperationCase.Of("ScatterRowsInPlace", o =>
        {
            var y = o.Next();
            y.ScatterRowsInPlace(Reversed(o), o.Next());
            return y;
        }) with
        { Shapes = s_tokens, IsPerEntry = false };
        foreach (var axes in new int[][] { [0, 1, 2, 3], [0, 3, 1, 2], [0, 2, 3, 1], [3, 2, 1, 0], [1, 0, 3, 2] })
        {
            yield return OperationCase.Of($"Permute to {string.Join(' ', axes)}", o => o.Next().Permute(axes)) with
            {
                Shapes = s_images,
                Large = [2, 24, 40, 48],
                IsPerEntry = axes[0] == 0,
            };
        }

        yield return OperationCase.Of("Permute of BFloat16", o => o.Next().As(DType.BFloat16).Permute(0, 2, 1)) with { Shapes = s_tokens };
    }

    private static IEnumerable<OperationCase> Selections()
    {
        yield return Selection("TopK of one", o => 1);
        yield return Selection("TopK of half", o => (o.Channels + 1) / 2);
        yield return Selection("TopK of all", o => o.Channels);
    }

    // Rounded scores, so that there are many ties.
    private static OperationCase Selection(string name, Func<Operands, int> count) =>
        OperationCase.Of(name, o => (0.125f * o.Next()).As(DType.BFloat16).As(DType.Float32).TopK(count(o))) with
        {
            Shapes = s_scores,
            Large = [40, 2000],
            Tolerance = 0,
        };

    private static int Kept(Operands o) => (o.Shape[1] + 1) / 2;

    private static Tensor Reversed(Operands o) => Tensor.From(o.Backend, [.. Enumerable.Range(0, o.Batch).Reverse()], [o.Batch]);

    private static Tensor[] Terms(Operands o, int count) => [.. Enumerable.Range(0, count).Select(_ => o.Next())];

    private static float[] Coefficients(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? 1 : -1) / (i + 1f))];
}
