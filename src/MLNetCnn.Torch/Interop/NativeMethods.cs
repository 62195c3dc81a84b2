using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Interop;

/// <summary>
/// The C ABI of native/abi.h. Every function returns a status for <see cref="Check"/>, and its results through out parameters.
/// </summary>
internal static partial class NativeMethods
{
    internal const string Library = "mlnetcnn_torch";

    /// <summary>Throws what the last native call of this thread failed with.</summary>
    /// <exception cref="TorchException"><paramref name="status"/> is not 0.</exception>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new TorchException(Marshal.PtrToStringUTF8(mnc_last_error())!.TrimEnd());
        }
    }

    /// <summary>Wraps the tensor that a native call made; its owner is the current dispose scope.</summary>
    internal static Tensor Owned(int status, nint handle)
    {
        Check(status);
        return new Tensor(handle);
    }

    /// <summary>The handles of a list of tensors; keep the list alive until the call is done.</summary>
    internal static nint[] Handles(IReadOnlyList<Tensor> tensors)
    {
        var handles = new nint[tensors.Count];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = tensors[i].Handle;
        }

        return handles;
    }

    [LibraryImport(Library)]
    internal static partial nint mnc_last_error();

    [LibraryImport(Library)]
    internal static partial int mnc_blas_threading();

    [LibraryImport(Library)]
    internal static partial nint mnc_blas_core();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool mnc_cpu_is_bf16_supported();

    [LibraryImport(Library)]
    internal static partial long mnc_live_handles();

    [LibraryImport(Library)]
    internal static partial nint mnc_torch_version();

    [LibraryImport(Library)]
    internal static partial int mnc_set_num_threads(int threads);

    [LibraryImport(Library)]
    internal static partial int mnc_get_num_threads(out int threads);

    [LibraryImport(Library)]
    internal static partial int mnc_set_thread_num_threads(int threads);
}
