using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/optim.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_optim_sgd(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> momenta, Span<long> steps, long count,
        double lr, double momentum, double dampening, double weight_decay, [MarshalAs(UnmanagedType.I4)] bool nesterov);

    [LibraryImport(Library)]
    internal static partial int mnc_optim_adam(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> means, ReadOnlySpan<nint> squares, Span<long> steps, long count,
        double lr, double beta1, double beta2, double eps, double weight_decay, [MarshalAs(UnmanagedType.I4)] bool decoupled);

    [LibraryImport(Library)]
    internal static partial int mnc_optim_nadam(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> means, ReadOnlySpan<nint> squares, Span<long> steps, Span<double> products, long count,
        double lr, double beta1, double beta2, double eps, double weight_decay, double momentum_decay);

    [LibraryImport(Library)]
    internal static partial int mnc_optim_adagrad(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> sums, Span<long> steps, long count,
        double lr, double lr_decay, double eps, double weight_decay);

    [LibraryImport(Library)]
    internal static partial int mnc_optim_rmsprop(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> squares, ReadOnlySpan<nint> buffers, ReadOnlySpan<nint> means, Span<long> steps, long count,
        double lr, double alpha, double eps, double weight_decay, double momentum, [MarshalAs(UnmanagedType.I4)] bool centered);

    [LibraryImport(Library)]
    internal static partial int mnc_clip_grad_norm(ReadOnlySpan<nint> parameters, long count, double max_norm, double norm_type, out double norm);
}
