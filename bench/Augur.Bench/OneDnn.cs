using System.Runtime.InteropServices;

namespace Augur.Bench;

/// <summary>oneDNN 2.x, where it is installed: a matmul primitive whose weight was reordered once into the layout of its choice, with bias.</summary>
internal sealed unsafe partial class OneDnn
{
    private const string Library = "libdnnl.so.2";
    private const int DescriptorBytes = 696;
    private const int OperationBytes = 2800;
    private const int Cpu = 1, InOrder = 1, Float32 = 3, AnyLayout = 1, RowMajor = 3, ColumnMajor = 22;
    private const int QueryWeights = 131, ArgumentSource = 1, ArgumentDestination = 17, ArgumentWeights = 33, ArgumentBias = 41;

    private static nint s_engine;
    private static nint s_stream;

    private readonly nint _primitive;
    private readonly nint _x;
    private readonly nint _w;
    private readonly nint _bias;
    private readonly nint _y;

    /// <summary>y [m, n] = x [m, k] · wᵀ + bias, w [n, k]; the addresses are kept.</summary>
    public OneDnn(int m, int n, int k, float* x, float* w, float* bias, float* y)
    {
        if (s_engine == 0)
        {
            Check(EngineCreate(out s_engine, Cpu, 0));
            Check(StreamCreate(out s_stream, s_engine, InOrder));
        }

        var (source, plain, packed) = (Describe(m, k, RowMajor), Describe(k, n, ColumnMajor), Describe(k, n, AnyLayout));
        var (offsets, destination) = (Describe(1, n, RowMajor), Describe(m, n, RowMajor));
        var operation = (byte*)NativeMemory.AllocZeroed(OperationBytes);
        Check(MatmulDescInit(operation, (byte*)source, (byte*)packed, (byte*)offsets, (byte*)destination));
        Check(AttrCreate(out var attributes));
        Check(PrimitiveDescCreate(out var description, operation, attributes, s_engine, 0));
        Check(PrimitiveCreate(out _primitive, description));
        var chosen = QueryMemory(description, QueryWeights, 0);
        Check(MemoryCreate(out _x, (byte*)source, s_engine, x));
        Check(MemoryCreate(out var unpacked, (byte*)plain, s_engine, w));
        Check(MemoryCreate(out _w, chosen, s_engine, (void*)-1)); // the library allocates
        Check(MemoryCreate(out _bias, (byte*)offsets, s_engine, bias));
        Check(MemoryCreate(out _y, (byte*)destination, s_engine, y));
        Check(ReorderDescCreate(out var reorder, (byte*)plain, s_engine, chosen, s_engine, 0));
        Check(PrimitiveCreate(out var pack, reorder));
        var arguments = stackalloc Argument[] { new(ArgumentSource, unpacked), new(ArgumentDestination, _w) };
        Check(Execute(pack, s_stream, 2, arguments));
        Check(StreamWait(s_stream));
    }

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _) && NativeLibrary.TryLoad("libgomp.so.1", out _);

    [LibraryImport("libgomp.so.1", EntryPoint = "omp_set_num_threads")]
    public static partial void SetThreads(int count);

    public void Run()
    {
        var arguments = stackalloc Argument[]
        {
            new(ArgumentSource, _x), new(ArgumentWeights, _w), new(ArgumentBias, _bias), new(ArgumentDestination, _y),
        };
        Check(Execute(_primitive, s_stream, 4, arguments));
        Check(StreamWait(s_stream));
    }

    private static nint Describe(long rows, long columns, int layout)
    {
        var description = (byte*)NativeMemory.AllocZeroed(DescriptorBytes);
        var extents = stackalloc long[12];
        (extents[0], extents[1]) = (rows, columns);
        Check(MemoryDescInit(description, 2, extents, Float32, layout));
        return (nint)description;
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"oneDNN answered with status {status}.");
        }
    }

    [LibraryImport(Library, EntryPoint = "dnnl_engine_create")]
    private static partial int EngineCreate(out nint engine, int kind, nuint index);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_create")]
    private static partial int StreamCreate(out nint stream, nint engine, uint flags);

    [LibraryImport(Library, EntryPoint = "dnnl_stream_wait")]
    private static partial int StreamWait(nint stream);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_desc_init_by_tag")]
    private static partial int MemoryDescInit(byte* description, int rank, long* extents, int type, int layout);

    [LibraryImport(Library, EntryPoint = "dnnl_matmul_desc_init")]
    private static partial int MatmulDescInit(byte* operation, byte* source, byte* weights, byte* bias, byte* destination);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_attr_create")]
    private static partial int AttrCreate(out nint attributes);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_create")]
    private static partial int PrimitiveDescCreate(out nint description, void* operation, nint attributes, nint engine, nint hint);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_create")]
    private static partial int PrimitiveCreate(out nint primitive, nint description);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_desc_query_md")]
    private static partial byte* QueryMemory(nint description, int what, int index);

    [LibraryImport(Library, EntryPoint = "dnnl_memory_create")]
    private static partial int MemoryCreate(out nint memory, byte* description, nint engine, void* address);

    [LibraryImport(Library, EntryPoint = "dnnl_reorder_primitive_desc_create")]
    private static partial int ReorderDescCreate(out nint description, byte* source, nint sourceEngine, byte* destination, nint destinationEngine,
        nint attributes);

    [LibraryImport(Library, EntryPoint = "dnnl_primitive_execute")]
    private static partial int Execute(nint primitive, nint stream, int count, Argument* arguments);

    private readonly struct Argument(int index, nint memory)
    {
        public readonly int Index = index;
        public readonly nint Memory = memory;
    }
}
