using System.Globalization;
using System.Runtime.InteropServices.Marshalling;
using MLNetCnn.Torch.Interop;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>
    /// An array of numbers of any shape, on a device, that can remember how it came about (autograd). Freed by its dispose
    /// scope or by <see cref="Dispose()"/>; the finalizer is a safety net only.
    /// </summary>
    [NativeMarshalling(typeof(TensorMarshaller))]
    public partial class Tensor : IDisposable
    {
        private nint _handle;

        internal Tensor(nint handle, bool scoped = true)
        {
            _handle = handle;
            if (scoped)
            {
                DisposeScope.Current?.Add(this);
            }
        }

        /// <summary>The safety net.</summary>
        ~Tensor() => mnc_tensor_dispose(_handle);

        /// <summary>The native handle; valid while the tensor is not disposed.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was freed.</exception>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                return _handle;
            }
        }

        /// <summary>Whether the tensor was freed.</summary>
        public bool IsInvalid => _handle == 0;

        /// <summary>The length of each dimension, for images <c>[N, C, H, W]</c>.</summary>
        public long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                Check(mnc_tensor_shape(this, sizes, sizes.Length));
                return sizes;
            }
        }

        /// <summary>The number of dimensions.</summary>
        public long Dimensions => dim();

        /// <summary>The number of elements.</summary>
        public long NumberOfElements => numel();

        /// <summary>The type of the elements.</summary>
        public ScalarType dtype
        {
            get
            {
                Check(mnc_tensor_dtype(this, out var type));
                return type;
            }
        }

        /// <summary>Where the tensor lives.</summary>
        public Device device
        {
            get
            {
                Check(mnc_tensor_device(this, out var type, out var index));
                return type == DeviceType.CPU ? CPU : new Device(type, index);
            }
        }

        internal DisposeScope? Scope { get; set; }

        internal int ScopeSlot { get; set; }

        /// <summary>The number of dimensions.</summary>
        public long dim()
        {
            Check(mnc_tensor_dim(this, out var result));
            return result;
        }

        /// <summary>The number of elements.</summary>
        public long numel()
        {
            Check(mnc_tensor_numel(this, out var result));
            return result;
        }

        /// <summary>The length of dimension <paramref name="dim"/>; negative counts from the last.</summary>
        public long size(long dim)
        {
            Check(mnc_tensor_size(this, dim, out var result));
            return result;
        }

        /// <summary>How many elements to step over in memory per dimension.</summary>
        public long[] stride()
        {
            var strides = new long[dim()];
            Check(mnc_tensor_strides(this, strides, strides.Length));
            return strides;
        }

        /// <summary>Whether the elements lie in memory without gaps in the order of <paramref name="memory_format"/>.</summary>
        public bool is_contiguous(memory_format memory_format = memory_format.contiguous_format)
        {
            Check(mnc_tensor_is_contiguous(this, memory_format, out var result));
            return result;
        }

        /// <summary>Whether the elements are floating-point numbers.</summary>
        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

        /// <summary>Another handle on the same tensor, disposed on its own.</summary>
        public Tensor alias() => Owned(mnc_tensor_alias(this, out var result), result);

        /// <summary>Leaves the tensor to the scope around the current one.</summary>
        /// <returns>This tensor.</returns>
        public Tensor MoveToOuterDisposeScope() => Scope?.MoveToOuter(this) ?? this;

        /// <summary>Leaves the tensor to the caller, who disposes it.</summary>
        /// <returns>This tensor.</returns>
        public Tensor DetachFromDisposeScope() => Scope?.Detach(this) ?? this;

        /// <summary>Frees the tensor now. Further calls do nothing.</summary>
        public void Dispose()
        {
            Scope?.Remove(this);
            mnc_tensor_dispose(Interlocked.Exchange(ref _handle, 0));
            GC.SuppressFinalize(this);
        }

        /// <summary>The type, shape and device, as in <c>float32 [32, 3, 224, 224] on cpu</c>.</summary>
        public override string ToString() => _handle == 0
            ? "a disposed tensor"
            : string.Create(CultureInfo.InvariantCulture, $"{dtype.ToString().ToLowerInvariant()} [{string.Join(", ", shape)}] on {device}");
    }
}
