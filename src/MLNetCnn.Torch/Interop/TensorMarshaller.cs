using System.Runtime.InteropServices.Marshalling;

namespace MLNetCnn.Torch.Interop;

/// <summary>
/// Hands a tensor (null: an absent one) to native code as its handle, and keeps it from the finalizer until the call is done.
/// </summary>
[CustomMarshaller(typeof(torch.Tensor), MarshalMode.ManagedToUnmanagedIn, typeof(In))]
internal static class TensorMarshaller
{
    internal ref struct In
    {
        private torch.Tensor? _tensor;

        public void FromManaged(torch.Tensor? managed) => _tensor = managed;

        public readonly nint ToUnmanaged() => _tensor is null ? 0 : _tensor.Handle;

        public readonly void Free() => GC.KeepAlive(_tensor);
    }
}
