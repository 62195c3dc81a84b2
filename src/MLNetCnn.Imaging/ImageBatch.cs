using System.Buffers;
using System.Text;

namespace MLNetCnn.Imaging;

/// <summary>Many images at once, on all cores, into one buffer of <c>uint8 [N, H, W, C]</c>.</summary>
public static unsafe class ImageBatch
{
    private const int MessageSize = 160;

    // What the native side calls an image of which a part is lost.
    private const int Damaged = 2;

    /// <summary>
    /// Decodes and resizes encoded images, with the rules of <see cref="MLImage.Decode"/> and <see cref="MLImage.Resize"/>.
    /// </summary>
    /// <param name="encoded">The files' bytes.</param>
    /// <param name="destination">Takes <c>[encoded.Count, height, width, channels]</c>; the pixels of an unreadable image are zero.</param>
    /// <param name="height">The height of every image.</param>
    /// <param name="width">The width of every image.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="resizing">What happens to another aspect ratio; stretches by default.</param>
    /// <param name="storedSizes">Where given, takes <c>[encoded.Count, 2]</c>: height and width before resizing, 0 for an unreadable image.</param>
    /// <param name="damage">Where given, takes <c>[encoded.Count]</c>: what of an image that could be read is lost, null for nothing. Only JPEG's decoder tells.</param>
    /// <returns>One entry per image: null, or the line that says why it could not be read.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too small.</exception>
    public static string?[] Decode(
        IReadOnlyList<ReadOnlyMemory<byte>> encoded,
        Span<byte> destination,
        int height,
        int width,
        int channels,
        ResizingKind resizing = ResizingKind.Fill,
        Span<int> storedSizes = default,
        Span<string?> damage = default)
    {
        MLImage.CheckChannels(channels);
        CheckRoom(destination, Size(encoded.Count, height, width, channels));
        var count = encoded.Count;
        if (!storedSizes.IsEmpty && storedSizes.Length < 2 * count)
        {
            throw new ArgumentException($"{count} images have {2 * count} heights and widths, room is for {storedSizes.Length}", nameof(storedSizes));
        }

        if (!damage.IsEmpty && damage.Length < count)
        {
            throw new ArgumentException($"of {count} images the damage is told, room is for {damage.Length}", nameof(damage));
        }

        var pins = new MemoryHandle[count];
        var errors = new string?[count];
        try
        {
            var data = new nint[count];
            var sizes = new long[count];
            for (var i = 0; i < count; i++)
            {
                pins[i] = encoded[i].Pin();
                data[i] = (nint)pins[i].Pointer;
                sizes[i] = encoded[i].Length;
            }

            var given = storedSizes.IsEmpty ? new int[2 * count] : storedSizes;
            var statuses = new int[count];
            var messages = new byte[count * MessageSize];
            fixed (nint* dataPointer = data)
            fixed (long* sizePointer = sizes)
            fixed (byte* pixels = destination)
            fixed (int* givenPointer = given)
            fixed (int* statusPointer = statuses)
            fixed (byte* messagePointer = messages)
            {
                Native.Check(Native.mni_decode_batch(
                    (byte**)dataPointer, sizePointer, count, ImageLimits.MaxPixels, height, width, channels, resizing,
                    pixels, statusPointer, messagePointer, MessageSize, givenPointer));
            }

            for (var i = 0; i < count; i++)
            {
                var message = statuses[i] == 0 ? null : Encoding.UTF8.GetString(messages.AsSpan(i * MessageSize, MessageSize).TrimEnd((byte)0));
                errors[i] = statuses[i] == Damaged ? null : message;
                if (!damage.IsEmpty)
                {
                    damage[i] = statuses[i] == Damaged ? message : null;
                }
            }
        }
        finally
        {
            foreach (var pin in pins)
            {
                pin.Dispose();
            }
        }

        return errors;
    }

    /// <summary>Resizes decoded images and converts them between grey and RGB.</summary>
    /// <param name="source"><c>[count, sourceHeight, sourceWidth, sourceChannels]</c>.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="sourceHeight">Their height.</param>
    /// <param name="sourceWidth">Their width.</param>
    /// <param name="sourceChannels">1 (grey) or 3 (RGB).</param>
    /// <param name="destination">Takes <c>[count, height, width, channels]</c>; must not overlap <paramref name="source"/>.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="channels">The new number of channels.</param>
    /// <param name="resizing">What happens to another aspect ratio; stretches by default.</param>
    /// <exception cref="ArgumentException">A buffer is too small.</exception>
    public static void Resize(
        ReadOnlySpan<byte> source,
        int count,
        int sourceHeight,
        int sourceWidth,
        int sourceChannels,
        Span<byte> destination,
        int height,
        int width,
        int channels,
        ResizingKind resizing = ResizingKind.Fill)
    {
        MLImage.CheckChannels(sourceChannels);
        MLImage.CheckChannels(channels);
        CheckRoom(source, Size(count, sourceHeight, sourceWidth, sourceChannels));
        CheckRoom(destination, Size(count, height, width, channels));
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            Native.Check(Native.mni_resize_batch(
                from, count, sourceHeight, sourceWidth, sourceChannels, to, height, width, channels, resizing));
        }
    }

    /// <summary>Turns images stored plane by plane, <c>[count, channels, height, width]</c>, into <c>[count, height, width, channels]</c>.</summary>
    /// <param name="planes">The images.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their height.</param>
    /// <param name="width">Their width.</param>
    /// <param name="channels">Their channels, 1 or 3.</param>
    /// <param name="destination">As large; must not overlap <paramref name="planes"/>.</param>
    /// <exception cref="ArgumentException">A buffer is too small.</exception>
    public static void Interleave(ReadOnlySpan<byte> planes, int count, int height, int width, int channels, Span<byte> destination)
    {
        MLImage.CheckChannels(channels);
        CheckRoom(planes, Size(count, height, width, channels));
        CheckRoom(destination, Size(count, height, width, channels));
        fixed (byte* from = planes)
        fixed (byte* to = destination)
        {
            Native.Check(Native.mni_interleave_batch(from, count, height, width, channels, to));
        }
    }

    internal static long Size(int count, int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return (long)count * height * width * channels;
    }

    private static void CheckRoom(ReadOnlySpan<byte> buffer, long needed)
    {
        if (buffer.Length < needed)
        {
            throw new ArgumentException($"the buffer has {buffer.Length} bytes, the images take {needed}");
        }
    }
}
