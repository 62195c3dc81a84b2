using System.Numerics;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements in place, row-major.</summary>
        /// <typeparam name="T">The CLR type of <see cref="dtype"/>; bfloat16 has none.</typeparam>
        /// <exception cref="TorchException">The tensor is not on the processor, not contiguous or of another type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType<T>();
            Check(mnc_tensor_data_ptr(this, out var pointer));
            return new TensorAccessor<T>(this, pointer, checked((int)numel()));
        }

        /// <summary>The memory of the elements in place, row-major, whatever their type; valid while the tensor is not disposed.</summary>
        /// <exception cref="TorchException">The tensor is not on the processor or not contiguous.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                Check(mnc_tensor_data_ptr(this, out var pointer));
                return new Span<byte>((void*)pointer, checked((int)(numel() * SizeOf(dtype))));
            }
        }

        /// <summary>A copy of the elements, row-major, from any device and layout.</summary>
        /// <typeparam name="T">The CLR type of <see cref="dtype"/>; bfloat16 has none.</typeparam>
        /// <exception cref="TorchException">The tensor is of another type.</exception>
        public unsafe T[] ToArray<T>()
            where T : unmanaged
        {
            RequireType<T>();
            var values = new T[numel()];
            fixed (T* pointer = values)
            {
                Check(mnc_tensor_copy_to(this, pointer));
            }

            return values;
        }

        /// <summary>The single element, converted to <typeparamref name="T"/>.</summary>
        /// <exception cref="TorchException">The tensor has not exactly one element.</exception>
        public T item<T>()
            where T : unmanaged, INumberBase<T>
        {
            Check(mnc_tensor_item(this, out var value));
            return value.IsFloatingPoint ? T.CreateTruncating(value.ToDouble()) : T.CreateTruncating(value.ToInt64());
        }

        /// <summary>The single element as a single.</summary>
        public float ToSingle() => item<float>();

        /// <summary>The single element as a double.</summary>
        public double ToDouble() => item<double>();

        /// <summary>The single element as an integer.</summary>
        public long ToInt64() => item<long>();

        /// <summary>The single element as a truth value: not zero.</summary>
        public bool ToBoolean()
        {
            Check(mnc_tensor_item(this, out var value));
            return value.ToDouble() != 0;
        }

        /// <summary>This tensor as <paramref name="type"/>; the same data where it already is.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool non_blocking = false) => To(type, null, null, copy, non_blocking);

        /// <summary>This tensor on <paramref name="device"/>; the same data where it already is.</summary>
        public Tensor to(Device device, bool copy = false, bool non_blocking = false) => To(null, device, null, copy, non_blocking);

        /// <summary>This tensor as <paramref name="type"/> on <paramref name="device"/>.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool non_blocking = false) => To(type, device, null, copy, non_blocking);

        /// <summary>This tensor in the layout <paramref name="memory_format"/> (channels-last needs 4 dimensions).</summary>
        public Tensor to(memory_format memory_format, bool copy = false) => To(null, null, memory_format, copy, false);

        /// <summary>This tensor, whatever of type, device and layout is given changed in one pass.</summary>
        public Tensor to(ScalarType? type, Device? device, memory_format? memory_format, bool copy = false, bool non_blocking = false) =>
            To(type, device, memory_format, copy, non_blocking);

        /// <summary>This tensor on the processor.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>This tensor on the first GPU, or on <paramref name="device"/>.</summary>
        public Tensor cuda(Device? device = null) => to(device ?? CUDA);

        /// <summary>A copy in page-locked memory, which a GPU reads by itself: with <c>non_blocking</c>, a copy from it does not keep the processor.</summary>
        /// <exception cref="TorchException">libtorch sees no GPU.</exception>
        public Tensor pin_memory() => Owned(mnc_tensor_pin_memory(this, out var result), result);

        /// <summary>This tensor's elements without gaps in the order of <paramref name="memory_format"/>; the same data where they are.</summary>
        public Tensor contiguous(memory_format memory_format = memory_format.contiguous_format) =>
            Owned(mnc_tensor_contiguous(this, memory_format, out var result), result);

        /// <summary>A copy; gradients flow through it.</summary>
        public Tensor clone() => Owned(mnc_tensor_clone(this, out var result), result);

        /// <summary>Overwrites this tensor with <paramref name="source"/>, broadcast and converted.</summary>
        /// <returns>This tensor.</returns>
        public Tensor copy_(Tensor source, bool non_blocking = false)
        {
            Check(mnc_tensor_copy_(this, source, non_blocking));
            return this;
        }

        /// <summary>Takes over the data of <paramref name="other"/>; identity, gradient and history stay.</summary>
        internal void SetData(Tensor other) => Check(mnc_tensor_set_data(this, other));

        private Tensor To(ScalarType? type, Device? device, memory_format? format, bool copy, bool nonBlocking) =>
            Owned(mnc_tensor_to(this, (int?)type ?? -1, (int?)device?.type ?? -1, device is null or { type: DeviceType.CPU } ? -1 : device.index, (int?)format ?? -1, copy, nonBlocking, out var result), result);

        private void RequireType<T>()
            where T : unmanaged
        {
            var found = dtype;
            if (found != ScalarTypeOf<T>())
            {
                throw new TorchException($"a tensor of {found} can't be read as {typeof(T).Name}: convert it first, to(ScalarType.{ScalarTypeOf<T>()})");
            }
        }
    }
}
