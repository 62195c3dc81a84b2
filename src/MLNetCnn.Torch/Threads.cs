using System.Runtime.InteropServices;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>libtorch's version, as in <c>1.13.1</c>.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(mnc_torch_version())!;

    /// <summary>
    /// How the BLAS library shares its work between threads: <c>openmp</c> (with libtorch's own, the fastest), <c>pthreads</c> (with
    /// a pool of its own, which is held to one thread here), <c>none</c>, or <c>unknown</c> where it is not OpenBLAS.
    /// </summary>
    public static string blas_threading => mnc_blas_threading() switch { 0 => "none", 1 => "pthreads", 2 => "openmp", _ => "unknown" };

    /// <summary>The processor whose kernels OpenBLAS runs, as in <c>SkylakeX</c>; null where the BLAS is another.</summary>
    public static string? blas_core => Marshal.PtrToStringUTF8(mnc_blas_core());

    /// <summary>How many threads an operation may use; all processors by default.</summary>
    public static int get_num_threads()
    {
        Check(mnc_get_num_threads(out var threads));
        return threads;
    }

    /// <summary>Sets how many threads an operation may use, for the calling thread and those that start later.</summary>
    public static void set_num_threads(int num) => Check(mnc_set_num_threads(num));

    /// <summary>
    /// Sets how many threads the operations of the calling thread alone may use: 1 for a worker beside others.
    /// </summary>
    /// <exception cref="TorchException">libtorch was not built with OpenMP.</exception>
    public static void set_thread_num_threads(int num) => Check(mnc_set_thread_num_threads(num));
}
