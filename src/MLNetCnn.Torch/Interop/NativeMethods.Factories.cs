using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/factories.cpp and native/random.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_empty(ReadOnlySpan<long> shape, long dims, TensorOptions options, memory_format format, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_zeros(ReadOnlySpan<long> shape, long dims, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_full(ReadOnlySpan<long> shape, long dims, Scalar value, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_arange(Scalar start, Scalar stop, Scalar step, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_linspace(double start, double stop, long steps, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_eye(long rows, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_rand(ReadOnlySpan<long> shape, long dims, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_randn(ReadOnlySpan<long> shape, long dims, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_randint(long low, long high, ReadOnlySpan<long> shape, long dims, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_randperm(long count, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static unsafe partial int mnc_from_values(void* values, ScalarType source, ReadOnlySpan<long> shape, long dims, TensorOptions options, out nint result);

    [LibraryImport(Library)]
    internal static unsafe partial int mnc_from_blob(nint data, ReadOnlySpan<long> shape, long dims, ScalarType dtype, nint owner, delegate* unmanaged<nint, void> released, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_zeros_like(Tensor self, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_ones_like(Tensor self, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_empty_like(Tensor self, int dtype, out nint result);

    [LibraryImport(Library)]
    internal static partial int mnc_manual_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial int mnc_set_thread_generator(ulong seed);

    [LibraryImport(Library)]
    internal static partial int mnc_clear_thread_generator();

    [LibraryImport(Library)]
    internal static partial int mnc_normal_(Tensor self, double mean, double std);

    [LibraryImport(Library)]
    internal static partial int mnc_uniform_(Tensor self, double low, double high);

    [LibraryImport(Library)]
    internal static partial int mnc_bernoulli_(Tensor self, double probability);

    [LibraryImport(Library)]
    internal static partial int mnc_dropout(Tensor input, double probability, [MarshalAs(UnmanagedType.U1)] bool training, [MarshalAs(UnmanagedType.U1)] bool feature, [MarshalAs(UnmanagedType.U1)] bool inplace, out nint result);
}
