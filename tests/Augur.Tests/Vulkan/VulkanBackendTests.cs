using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tests.Tensors;
using Augur.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>What the contract tests do not say of the Vulkan backend: order of work, submissions, weights, matrix units.</summary>
public sealed class VulkanBackendTests
{
    public static TheoryData<int> Seeds => [1, 2];

    /// <summary>Without a driver this is where the run says so; the contract tests then run on the other backends only.</summary>
    [VulkanFact]
    public void The_contract_tests_run_on_a_Vulkan_device()
    {
        Assert.Contains("vulkan", BackendTable.All.Select(b => b.Name));
        using var backend = new VulkanBackend(VulkanForTests.Device);
        Assert.StartsWith($"vulkan ({VulkanForTests.Device.Name}", backend.Name, StringComparison.Ordinal);
    }

    // What stands between two barriers is recorded in a random order: an operation that declares less than it reads or writes gives other numbers.
    [VulkanTheory]
    [MemberData(nameof(Seeds))]
    public void Work_between_two_barriers_may_run_in_any_order(int seed)
    {
        using var ordered = new VulkanBackend(VulkanForTests.Device);
        using var shuffled = new VulkanBackend(VulkanForTests.Device, null, ownsDevice: false, shuffle: seed);
        foreach (var operation in OperationCatalog.All)
        {
            using var scope = TensorScope.Begin();
            var shape = operation.Shapes[Math.Min(1, operation.Shapes.Length - 1)];
            Assert.Equal(operation.Run(new Operands(ordered, shape, true)), operation.Run(new Operands(shuffled, shape, true)));
        }
    }

    [VulkanFact]
    public void Many_operations_are_few_submissions_the_first_of_them_soon_and_one_wait()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        backend.Queue.SubmissionSeconds = 100;
        using var scope = TensorScope.Begin();
        var x = Tensor.Full(backend, [4, 8], 1);
        for (var i = 0; i < 11; i++)
        {
            x = x.LayerNorm(1e-6f) + x;
        }

        Assert.Equal(0, backend.Queue.Submissions);
        x += x;
        Assert.Equal(1, backend.Queue.Submissions); // 24 operations: a device without work is not kept waiting for more
        for (var i = 0; i < 40; i++)
        {
            x = x.LayerNorm(1e-6f) + x;
        }

        x.ToArray();
        Assert.InRange(backend.Queue.Submissions, 2, 5);
        Assert.Equal(1, backend.Queue.Reads);
    }

    [VulkanFact]
    public void Independent_work_has_no_barrier_between_it()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        using var scope = TensorScope.Begin();
        Tensor[] tensors = [.. Enumerable.Range(0, 8).Select(i => Tensor.Full(backend, [4, 8], i))];
        Assert.Equal(1, backend.Queue.Barriers); // that at the beginning of a submission
        _ = tensors[0] + tensors[1];
        _ = tensors[2] + tensors[3];
        Assert.Equal(2, backend.Queue.Barriers);
    }

    [VulkanFact]
    public void Long_work_is_cut_into_submissions_with_the_same_bits()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        using var scope = TensorScope.Begin();
        var (x, w) = (Values(backend, [2, 150, 64], 1), Values(backend, [200, 64], 2));
        using var packed = backend.Pack(w, null);
        float[] Run()
        {
            using var inner = TensorScope.Begin();
            return [.. x.Linear(packed).ToArray(), .. x.AttendTo(x, x, 2).ToArray()];
        }

        var whole = Run();
        var before = backend.Queue.Submissions;
        backend.Queue.SubmissionSeconds = 1e-12;
        Assert.Equal(whole, Run());
        Assert.True(backend.Queue.Submissions - before > 10, $"{backend.Queue.Submissions - before} submissions");
    }

    [VulkanFact]
    public void Weights_beyond_their_budget_are_copied_for_each_use_and_give_the_same_bits()
    {
        const int Inputs = 256, Outputs = 96;
        using var resident = new VulkanBackend(VulkanForTests.Device);
        using var streaming = new VulkanBackend(VulkanForTests.Device, new VulkanOptions { WeightBudget = Inputs * Outputs * 4 });
        var blocks = new byte[Outputs * QuantizedFormat.Q8_0.RowBytes(Inputs)];
        new Random(5).NextBytes(blocks);
        for (var i = 0; i < blocks.Length; i += 34)
        {
            (blocks[i], blocks[i + 1]) = (0, 0x20); // a scale of 2^-7
        }

        float[][] Run(VulkanBackend backend)
        {
            using var scope = TensorScope.Begin();
            var x = Values(backend, [7, Inputs], 1);
            var bias = Values(backend, [Outputs], 4);
            using var first = backend.Pack(Values(backend, [Outputs, Inputs], 2), bias);
            using var second = backend.Pack(Values(backend, [Outputs, Inputs], 3).As(DType.BFloat16), null);
            using var third = backend.Pack(new QuantizedMatrix(QuantizedFormat.Q8_0, Outputs, Inputs, blocks), bias);
            byte[] bytes = [.. blocks.Take(Outputs * Inputs).Select(b => (byte)(b & 0xbf))]; // no NaN, beside which every row looks alike
            using var fourth = backend.Pack(new QuantizedMatrix(QuantizedFormat.Float8E4M3, Outputs, Inputs, bytes), bias);
            using var part = third.Slice(33, 41)!;
            using var odd = fourth.Slice(1, 3)!;
            return [.. new[] { first, second, third, fourth, part, odd, third, second }.Select(w => x.Linear(w).ToArray())];
        }

        var expected = Run(resident);
        Assert.All(expected, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
        Assert.Equal(expected, Run(streaming));
        Assert.Equal((0, 0), (resident.StreamedBytes, resident.ResidentWeightBytes));
        Assert.True(streaming.StreamedBytes > 4 * blocks.Length);
        streaming.Trim();
        Assert.Equal((0, 0), (streaming.BytesInUse, streaming.BytesReserved));
    }

    [VulkanFact]
    public void While_one_weight_is_used_the_next_is_copied_from_the_second_call_on()
    {
        const int Size = 64, Layers = 7, Calls = 4;
        using var resident = new VulkanBackend(VulkanForTests.Device);
        using var streaming = new VulkanBackend(VulkanForTests.Device, new VulkanOptions { WeightBudget = 1 });
        float[] Run(VulkanBackend backend)
        {
            using var scope = TensorScope.Begin();
            var weights = Enumerable.Range(0, Layers).Select(i => backend.Pack(0.2f * Values(backend, [Size + i, Size], i + 2), null)).ToArray();
            var x = Values(backend, [9, Size], 1);
            for (var call = 0; call < Calls; call++)
            {
                foreach (var weight in weights)
                {
                    x = x.Linear(weight).Columns(0, Size).LayerNorm(1e-6f);
                }
            }

            Array.ForEach(weights, w => w.Dispose());
            return x.ToArray();
        }

        Assert.Equal(Run(resident), Run(streaming));
        Assert.Equal(((Calls - 1) * Layers) - 1, streaming.ForeseenWeights); // the first call and what follows it teach the order
        Assert.Equal(1, streaming.Queue.Reads - Layers);               // that of each weight as it was packed, and the result
        Assert.Equal(0, resident.StreamedBytes);
    }

    [VulkanFact]
    public void Two_threads_may_use_streamed_weights_at_once()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device, new VulkanOptions { WeightBudget = 1 });
        PackedLinear[] weights;
        using (TensorScope.Begin())
        {
            weights = [.. Enumerable.Range(0, 5).Select(i => backend.Pack(0.2f * Values(backend, [48, 48], i + 2), null))];
        }

        float[] Run(int first)
        {
            using var scope = TensorScope.Begin();
            var x = Values(backend, [9, 48], first);
            for (var i = 0; i < 20; i++)
            {
                x = x.Linear(weights[(first + i) % weights.Length]).LayerNorm(1e-6f);
            }

            return x.ToArray();
        }

        var alone = Enumerable.Range(0, 3).Select(Run).ToArray();
        Parallel.For(0, 9, i => Assert.Equal(alone[i % 3], Run(i % 3)));
        Array.ForEach(weights, w => w.Dispose());
        backend.Trim();
        Assert.Equal((0, 0), (backend.BytesInUse, backend.BytesReserved));
    }

    [VulkanFact]
    public void A_quantised_weight_takes_the_memory_of_its_blocks()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        foreach (var format in new[] { QuantizedFormat.Q4_0, QuantizedFormat.Q8_0, QuantizedFormat.Q4_K, QuantizedFormat.Q6_K })
        {
            var bytes = new byte[512 * format.RowBytes(512)];
            using var packed = backend.Pack(new QuantizedMatrix(format, 512, 512, bytes), null);
            Assert.InRange(backend.BytesInUse, bytes.Length, bytes.Length + 256);
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    public static TheoryData<DType, QuantizedFormat?> MatrixWeights => new()
    {
        { DType.Float32, null }, { DType.Float16, null }, { DType.BFloat16, null },
        { DType.Float32, QuantizedFormat.Q8_0 }, { DType.Float32, QuantizedFormat.Q4_K }, { DType.Float32, QuantizedFormat.Float8E4M3 },
    };

    // The instructions themselves are a driver's; tiles, barriers, fragments' places, masks and epilogues are ours, and run emulated.
    [VulkanTheory]
    [MemberData(nameof(MatrixWeights))]
    public void Products_on_a_matrix_unit_are_those_of_rounded_operands_and_do_not_depend_on_the_batch(DType type, QuantizedFormat? format)
    {
        using var backend = new VulkanBackend(VulkanForTests.Emulated, new VulkanOptions { ProductPrecision = DType.Float16 });
        using var plain = new ReferenceBackend();
        Assert.Equal((DType.Float16, true), (backend.Capabilities.ProductPrecision, backend.Capabilities.IsBatchInvariant));
        foreach (var (rows, outputs, inputs) in new[] { (3, 33, 256), (130, 70, 256), (70, 40, 768) })
        {
            using var scope = TensorScope.Begin();
            float[] Run(IBackend b, int first, int count)
            {
                using var inner = TensorScope.Begin();
                using var weight = Weight(b, outputs, inputs, type, format);
                var x = Values(b, [1, rows, inputs], 1).Slice(1, first, count).Copy();
                var residual = Values(b, [1, rows, outputs], 5).Slice(1, first, count);
                var epilogue = new LinearEpilogue(Activation.GeluTanh, Values(b, [1, outputs], 4), residual);
                return x.Linear(weight, epilogue).ToArray();
            }

            var (expected, all) = (Run(plain, 0, rows), Run(backend, 0, rows));
            LinearContractTests.AssertNear(expected, all, 4e-3f, $"{rows}x{outputs}x{inputs}");
            Assert.NotEqual(expected, all);
            Assert.Equal(all.AsSpan(outputs, outputs).ToArray(), Run(backend, 1, 1));
        }
    }

    public static TheoryData<int, int, int, int, DType> MatrixConvolutions => new()
    {
        { 8, 3, 1, 1, DType.Float32 }, { 8, 3, 1, 1, DType.Float16 }, { 16, 3, 2, 1, DType.BFloat16 }, { 5, 3, 1, 1, DType.Float32 },
        { 12, 1, 1, 0, DType.Float16 }, { 40, 3, 1, 0, DType.Float16 },
    };

    [VulkanTheory]
    [MemberData(nameof(MatrixConvolutions))]
    public void Convolutions_on_a_matrix_unit_are_those_of_rounded_operands_and_do_not_depend_on_the_batch(
        int channels, int side, int stride, int padding, DType type)
    {
        const int Outputs = 70;
        using var backend = new VulkanBackend(VulkanForTests.Emulated, new VulkanOptions { ProductPrecision = DType.Float16 });
        using var plain = new ReferenceBackend();
        float[] Run(IBackend b, int first, int count)
        {
            using var scope = TensorScope.Begin();
            var inputs = side * side * channels;
            using var weight = new PackedConv2d(
                b.Pack((1 / MathF.Sqrt(inputs)) * Values(b, [Outputs, inputs], 2), Values(b, [Outputs], 3)), side, side, channels);
            var x = Values(b, [2, 9, 11, channels], 1).Slice(0, first, count).Copy().As(type);
            return x.Conv2d(weight, stride, Padding.All(padding), DType.Float32).ToArray();
        }

        var (expected, all) = (Run(plain, 0, 2), Run(backend, 0, 2));
        LinearContractTests.AssertNear(expected, all, 4e-3f, $"{channels} channels, {side}x{side}, every {stride}");
        Assert.NotEqual(expected, all);
        Assert.Equal(all.AsSpan(all.Length / 2).ToArray(), Run(backend, 1, 1));
    }

    [VulkanFact]
    public void Attention_on_a_matrix_unit_is_that_of_the_plain_path_with_every_option()
    {
        using var backend = new VulkanBackend(VulkanForTests.Emulated, new VulkanOptions { ProductPrecision = DType.Float16 });
        using var plain = new ReferenceBackend();
        foreach (var (queries, keys, heads, keyHeads, width, type, isCausal) in new[]
        {
            (37, 37, 2, 2, 16, DType.Float32, false), (70, 70, 4, 2, 24, DType.Float16, true), (5, 40, 1, 1, 72, DType.BFloat16, true),
        })
        {
            float[] Run(IBackend b)
            {
                using var scope = TensorScope.Begin();
                Shape keyShape = [2, keys, keyHeads * width];
                var (q, k, v) = (Values(b, [2, queries, heads * width], 1), Values(b, keyShape, 2), Values(b, keyShape, 3));
                var options = new AttentionOptions(keyHeads, IndexTable.From(b, [keys, keys - 3]), isCausal, Values(b, [heads, queries, keys], 4));
                return q.As(type).AttendTo(k.As(type), v.As(type), heads, options).ToArray();
            }

            LinearContractTests.AssertNear(Run(plain), Run(backend), 4e-3f, $"{queries}x{keys}, {heads} heads of {width} in {type}");
        }
    }

    [VulkanFact]
    public void A_device_without_a_matrix_unit_refuses_products_in_halves()
    {
        if (VulkanForTests.Device.Unit == MatrixUnit.None)
        {
            var error = Assert.Throws<PlatformNotSupportedException>(
                () => new VulkanBackend(VulkanForTests.Device, new VulkanOptions { ProductPrecision = DType.Float16 }));
            Assert.EndsWith(
                "has no matrix unit that the kernels know, so that products cannot be Float16 on it; Float32 is possible.", error.Message);
        }

        Assert.Equal(
            "Products are Float32 or Float16, not BFloat16.",
            Assert.Throws<ArgumentException>(
                () => new VulkanBackend(VulkanForTests.Device, new VulkanOptions { ProductPrecision = DType.BFloat16 })).Message);
    }

    [VulkanFact]
    public void Activations_follow_the_products_unless_they_are_asked_for_and_the_name_says_what_they_are()
    {
        (DType, string) Opened(VulkanDevice device, VulkanOptions options)
        {
            using var backend = new VulkanBackend(device, options);
            return (backend.Capabilities.ActivationType, backend.Name);
        }

        var (plain, unit) = (VulkanForTests.Device, VulkanForTests.Emulated);
        Assert.Equal((DType.Float32, $"vulkan ({plain.Name})"), Opened(plain, new()));
        Assert.Equal((DType.BFloat16, $"vulkan ({plain.Name}, BFloat16 activations)"), Opened(plain, new() { ActivationType = DType.BFloat16 }));
        Assert.Equal(
            (DType.Float16, $"vulkan ({unit.Name}, Float16 products, Float16 activations)"),
            Opened(unit, new() { ProductPrecision = DType.Float16 }));
        Assert.Equal(
            (DType.Float32, $"vulkan ({unit.Name}, Float16 products)"),
            Opened(unit, new() { ProductPrecision = DType.Float16, ActivationType = DType.Float32 }));
        Assert.Equal(
            "Activations are Float32, Float16 or BFloat16, not Int32.",
            Assert.Throws<ArgumentException>(() => Opened(plain, new() { ActivationType = DType.Int32 })).Message);
    }

    private static PackedLinear Weight(IBackend backend, int outputs, int inputs, DType type, QuantizedFormat? format)
    {
        var values = Values(backend, [outputs, inputs], 2);
        if (format is not { } blocks)
        {
            return backend.Pack(((1 / MathF.Sqrt(inputs)) * values).As(type), Values(backend, [outputs], 3));
        }

        var bytes = new byte[outputs * blocks.RowBytes(inputs)];
        new Random(1).NextBytes(bytes);
        for (var at = 0; !blocks.IsFloat8() && at < bytes.Length; at += blocks.BlockBytes())
        {
            foreach (var place in blocks.ScaleOffsets())
            {
                (bytes[at + place], bytes[at + place + 1]) = (0, blocks == QuantizedFormat.Q8_0 ? (byte)0x08 : (byte)0x04); // small scales
            }
        }

        bytes = blocks.IsFloat8() ? [.. bytes.Select(b => (byte)(b & 0x9f))] : bytes; // of 1/8 at most
        return backend.Pack(new QuantizedMatrix(blocks, outputs, inputs, bytes), Values(backend, [outputs], 3));
    }

    internal static Tensor Values(IBackend backend, Shape shape, int seed) =>
        Tensor.From(backend, LinearContractTests.Values(shape, seed).Data, shape);
}
