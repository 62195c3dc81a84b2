using System.Runtime.InteropServices;

namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>Zeros of <paramref name="size"/>; float32 on the processor by default.</summary>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Owned(mnc_zeros(size, size.Length, new(dtype, device, requires_grad), out var result), result);

    /// <summary>Zeros of size <c>[size]</c>.</summary>
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size], dtype, device, requires_grad);

    /// <summary>Ones of <paramref name="size"/>.</summary>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full(size, 1, dtype ?? ScalarType.Float32, device, requires_grad);

    /// <summary>Ones of size <c>[size]</c>.</summary>
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size], dtype, device, requires_grad);

    /// <summary>Memory of <paramref name="size"/> as it comes, in the layout <paramref name="memory_format"/>.</summary>
    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, memory_format memory_format = memory_format.contiguous_format) =>
        Owned(mnc_empty(size, size.Length, new(dtype, device, requires_grad), memory_format, out var result), result);

    /// <summary><paramref name="value"/> everywhere; int64 for an integer unless <paramref name="dtype"/> says otherwise.</summary>
    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Owned(mnc_full(size, size.Length, value, new(dtype, device, requires_grad, TypeOf(value)), out var result), result);

    /// <summary>Uniform numbers in <c>[0, 1)</c>.</summary>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Owned(mnc_rand(size, size.Length, new(dtype, device, requires_grad), out var result), result);

    /// <summary>Normal numbers of mean 0 and variance 1.</summary>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Owned(mnc_randn(size, size.Length, new(dtype, device, requires_grad), out var result), result);

    /// <summary>Uniform integers in <c>[low, high)</c>, int64 by default.</summary>
    public static Tensor randint(long low, long high, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) =>
        Owned(mnc_randint(low, high, size, size.Length, new(dtype, device, false, ScalarType.Int64), out var result), result);

    /// <summary>The integers from 0 to <paramref name="n"/> - 1 in random order, int64 by default.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null) =>
        Owned(mnc_randperm(n, new(dtype, device, false, ScalarType.Int64), out var result), result);

    /// <summary>The numbers from 0 up to <paramref name="stop"/>, without it.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null) => arange(0, stop, 1, dtype, device);

    /// <summary>The numbers from <paramref name="start"/> up to <paramref name="stop"/>, without it; int64 when all are integers.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null)
    {
        var type = start.IsFloatingPoint || stop.IsFloatingPoint || step.IsFloatingPoint ? ScalarType.Float32 : ScalarType.Int64;
        return Owned(mnc_arange(start, stop, step, new(dtype, device, false, type), out var result), result);
    }

    /// <summary><paramref name="steps"/> numbers evenly from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null) =>
        Owned(mnc_linspace(start, end, steps, new(dtype, device, false), out var result), result);

    /// <summary>The identity matrix <c>[rows, rows]</c>.</summary>
    public static Tensor eye(long rows, ScalarType? dtype = null, Device? device = null) =>
        Owned(mnc_eye(rows, new(dtype, device, false), out var result), result);

    /// <summary>A copy of <paramref name="values"/> as a vector.</summary>
    public static Tensor tensor<T>(ReadOnlySpan<T> values, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        where T : unmanaged => tensor(values, [values.Length], dtype, device, requires_grad);

    /// <summary>A copy of <paramref name="values"/>, row-major, of shape <paramref name="dimensions"/>; the element type is that of the values by default.</summary>
    /// <exception cref="ArgumentException">The shape holds another number of elements.</exception>
    public static unsafe Tensor tensor<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        where T : unmanaged
    {
        long expected = 1;
        foreach (var length in dimensions)
        {
            expected *= length;
        }

        if (expected != values.Length)
        {
            throw new ArgumentException($"{values.Length} values don't fill the shape [{string.Join(", ", dimensions.ToArray())}], which holds {expected}");
        }

        var type = ScalarTypeOf<T>();
        fixed (T* pointer = values)
        {
            return Owned(mnc_from_values(pointer, type, dimensions, dimensions.Length, new(dtype, device, requires_grad, type), out var result), result);
        }
    }

    /// <summary>A tensor without dimensions that holds <paramref name="value"/>.</summary>
    public static Tensor tensor<T>(T value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        where T : unmanaged => tensor([value], [], dtype, device, requires_grad);

    /// <summary>
    /// A tensor over memory that is not libtorch's, row-major, on the processor: a memory-mapped data set. <paramref name="owner"/>
    /// is kept alive until the tensor and all views of it are gone; don't dispose it before.
    /// </summary>
    /// <param name="pointer">The first element.</param>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="owner">What keeps the memory valid.</param>
    public static unsafe Tensor from_blob(nint pointer, ReadOnlySpan<long> shape, ScalarType dtype, object? owner = null)
    {
        var pin = GCHandle.ToIntPtr(GCHandle.Alloc(owner));
        var status = mnc_from_blob(pointer, shape, shape.Length, dtype, pin, &ReleaseOwner, out var result);
        if (status != 0)
        {
            GCHandle.FromIntPtr(pin).Free();
        }

        return Owned(status, result);
    }

    /// <summary>Zeros of <paramref name="input"/>'s shape, layout and device.</summary>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null) => Owned(mnc_zeros_like(input, (int?)dtype ?? -1, out var result), result);

    /// <summary>Ones of <paramref name="input"/>'s shape, layout and device.</summary>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null) => Owned(mnc_ones_like(input, (int?)dtype ?? -1, out var result), result);

    /// <summary>Memory of <paramref name="input"/>'s shape, layout and device, as it comes.</summary>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null) => Owned(mnc_empty_like(input, (int?)dtype ?? -1, out var result), result);

    [UnmanagedCallersOnly]
    private static void ReleaseOwner(nint pin) => GCHandle.FromIntPtr(pin).Free();

    private static ScalarType TypeOf(Scalar value) => value.IsFloatingPoint ? ScalarType.Float32 : ScalarType.Int64;
}
