using System.Runtime.InteropServices;

namespace Augur.Bench;

/// <summary>OpenBLAS, where it is installed.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int Transposed = 112;

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    public static string Configuration => Marshal.PtrToStringUTF8((nint)GetConfig()) ?? string.Empty;

    /// <summary>y [m, n] = x [m, k] · wᵀ, w [n, k].</summary>
    public static void Multiply(int m, int n, int k, float* x, float* w, float* y) =>
        Sgemm(RowMajor, NotTransposed, Transposed, m, n, k, 1, x, k, w, k, 0, y, n);

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    public static partial void SetThreads(int count);

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial byte* GetConfig();

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c,
            int ldc);
}
