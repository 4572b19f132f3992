using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>A kernel, compiled by the driver for one choice of its constants.</summary>
internal sealed record VulkanPipeline(string Name, Pipeline Handle, PipelineLayout Layout);

/// <summary>
/// Pipelines by kernel and specialisation constants, made when first asked for. All have one layout: 128 bytes of push constants, which every device
/// offers, and no descriptors, as buffers are addresses. Thread-safe.
/// </summary>
internal sealed unsafe class VulkanKernels : IDisposable
{
    /// <summary>Bytes of arguments that a kernel can have.</summary>
    public const uint ArgumentBytes = 128;

    private readonly VulkanDevice _device;
    private readonly PipelineLayout _layout;
    private readonly Lock _lock = new();
    private readonly Dictionary<PipelineKey, VulkanPipeline> _pipelines = [];
    private readonly Dictionary<string, ShaderModule> _modules = [];

    public VulkanKernels(VulkanDevice device)
    {
        _device = device;
        var push = new PushConstantRange { StageFlags = ShaderStageFlags.ComputeBit, Size = ArgumentBytes };
        var layout = new PipelineLayoutCreateInfo
        {
            SType = StructureType.PipelineLayoutCreateInfo,
            PushConstantRangeCount = 1,
            PPushConstantRanges = &push,
        };
        device.Check(device.Vk.CreatePipelineLayout(device.Logical, &layout, null, out _layout));
    }

    /// <summary>Names of all kernels that are carried along.</summary>
    public static IEnumerable<string> Names =>
        typeof(VulkanKernels).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".spv", StringComparison.Ordinal)).Select(n => n[..^4]);

    /// <summary>Time the driver has spent on compiling so far.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>Number of pipelines so far.</summary>
    public int Count => _pipelines.Count;

    /// <summary>The SPIR-V of a kernel, in words.</summary>
    public static uint[] Code(string name)
    {
        using var stream = typeof(VulkanKernels).Assembly.GetManifestResourceStream(name + ".spv")
            ?? throw new InvalidOperationException($"There is no kernel '{name}'.");
        var words = new uint[stream.Length / 4];
        stream.ReadExactly(MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }

    /// <summary>A kernel with its specialisation constants 0, 1, … in order.</summary>
    /// <param name="name">The kernel.</param>
    /// <param name="subgroup">The subgroup size that it counts on; 0: any.</param>
    /// <param name="constants">At most 16.</param>
    public VulkanPipeline Get(string name, uint subgroup, params ReadOnlySpan<uint> constants)
    {
        var key = new PipelineKey(name, subgroup, constants);
        lock (_lock)
        {
            if (!_pipelines.TryGetValue(key, out var pipeline))
            {
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                _pipelines[key] = pipeline = Create(name, subgroup, constants);
                CompileTime += System.Diagnostics.Stopwatch.GetElapsedTime(start);
            }

            return pipeline;
        }
    }

    public void Dispose()
    {
        foreach (var pipeline in _pipelines.Values)
        {
            _device.Vk.DestroyPipeline(_device.Logical, pipeline.Handle, null);
        }

        foreach (var module in _modules.Values)
        {
            _device.Vk.DestroyShaderModule(_device.Logical, module, null);
        }

        _device.Vk.DestroyPipelineLayout(_device.Logical, _layout, null);
    }

    private VulkanPipeline Create(string name, uint subgroup, ReadOnlySpan<uint> constants)
    {
        var entries = stackalloc SpecializationMapEntry[constants.Length];
        for (var i = 0; i < constants.Length; i++)
        {
            entries[i] = new SpecializationMapEntry { ConstantID = (uint)i, Offset = (uint)i * 4, Size = 4 };
        }

        var main = stackalloc byte[] { (byte)'m', (byte)'a', (byte)'i', (byte)'n', 0 };
        _device.Doing($"compiling the kernel {name}");
        fixed (uint* values = constants)
        {
            var specialisation = new SpecializationInfo
            {
                MapEntryCount = (uint)constants.Length,
                PMapEntries = entries,
                DataSize = (nuint)constants.Length * 4,
                PData = values,
            };
            var size = new PipelineShaderStageRequiredSubgroupSizeCreateInfo
            {
                SType = StructureType.PipelineShaderStageRequiredSubgroupSizeCreateInfo,
                RequiredSubgroupSize = subgroup,
            };
            var info = new ComputePipelineCreateInfo
            {
                SType = StructureType.ComputePipelineCreateInfo,
                Layout = _layout,
                Flags = PipelineCreateFlags.CreateDispatchBaseBit, // so that long work can be cut without the kernel knowing
                Stage = new PipelineShaderStageCreateInfo
                {
                    SType = StructureType.PipelineShaderStageCreateInfo,
                    Stage = ShaderStageFlags.ComputeBit,
                    Module = Module(name),
                    PName = main,
                    PSpecializationInfo = &specialisation,
                    PNext = subgroup != 0 ? &size : null,
                    Flags = subgroup != 0 ? PipelineShaderStageCreateFlags.RequireFullSubgroupsBit : 0,
                },
            };
            Pipeline handle;
            lock (VulkanInstance.Driver)
            {
                _device.CheckCall(
                    "vkCreateComputePipelines", _device.Vk.CreateComputePipelines(_device.Logical, default, 1, &info, null, &handle));
            }

            return new VulkanPipeline(name, handle, _layout);
        }
    }

    private ShaderModule Module(string name)
    {
        if (_modules.TryGetValue(name, out var module))
        {
            return module;
        }

        var code = Code(name);
        if (_device.Unit == MatrixUnit.Khronos)
        {
            code = CooperativeMatrixRewriter.ToKhronos(code);
        }

        fixed (uint* p = code)
        {
            var info = new ShaderModuleCreateInfo { SType = StructureType.ShaderModuleCreateInfo, CodeSize = (nuint)code.Length * 4, PCode = p };
            _device.Check(_device.Vk.CreateShaderModule(_device.Logical, &info, null, out module));
        }

        return _modules[name] = module;
    }

    // By value, without a string: an operation looks its pipeline up each time.
    private readonly struct PipelineKey : IEquatable<PipelineKey>
    {
        private readonly string _name;
        private readonly int _count;
        private readonly Constants _constants;

        public PipelineKey(string name, uint subgroup, ReadOnlySpan<uint> constants)
        {
            (_name, _count) = (name, constants.Length + 1);
            _constants[0] = subgroup;
            for (var i = 0; i < constants.Length; i++)
            {
                _constants[i + 1] = constants[i];
            }
        }

        public bool Equals(PipelineKey other)
        {
            ReadOnlySpan<uint> mine = _constants, others = other._constants;
            return _name == other._name && _count == other._count && mine.SequenceEqual(others);
        }

        public override bool Equals(object? obj) => obj is PipelineKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_name);
            foreach (var value in (ReadOnlySpan<uint>)_constants)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        [System.Runtime.CompilerServices.InlineArray(17)]
        private struct Constants
        {
            private uint _first;
        }
    }
}
