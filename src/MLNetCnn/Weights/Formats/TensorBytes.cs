namespace MLNetCnn.Weights.Formats;

/// <summary>Tensors from bytes that a file holds.</summary>
internal static class TensorBytes
{
    /// <summary>How many elements a shape holds.</summary>
    /// <exception cref="OverflowException">More than any tensor can.</exception>
    public static long Count(IEnumerable<long> shape) => shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>A tensor, row-major, of the bytes that <paramref name="fill"/> writes.</summary>
    /// <exception cref="InvalidDataException">It is larger than 2 GiB.</exception>
    public static unsafe Tensor Read(ReadOnlySpan<long> shape, ScalarType type, Action<Memory<byte>> fill)
    {
        var bytes = Count(shape.ToArray()) * torch.SizeOf(type);
        if (bytes > Array.MaxLength)
        {
            throw new InvalidDataException($"a tensor of {bytes} bytes is larger than the {Array.MaxLength} that can be read");
        }

        var buffer = GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
        fill(buffer);
        fixed (byte* start = buffer)
        {
            return from_blob((nint)start, shape, type, buffer);
        }
    }
}
