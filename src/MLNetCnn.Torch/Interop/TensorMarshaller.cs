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
        private torch.Tensor? tensor;

        public void FromManaged(torch.Tensor? managed) => tensor = managed;

        public readonly nint ToUnmanaged() => tensor is null ? 0 : tensor.Handle;

        public readonly void Free() => GC.KeepAlive(tensor);
    }
}
