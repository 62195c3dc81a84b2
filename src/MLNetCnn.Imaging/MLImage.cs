using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging;

/// <summary>
/// An image of 8-bit pixels in managed memory: ML.NET's <c>MLImage</c>, with the two pixel formats that networks are fed,
/// grey and RGB. Immutable, and therefore safe to share between threads.
/// </summary>
public sealed class MLImage
{
    private readonly byte[] _pixels;

    private MLImage(int width, int height, MLPixelFormat format, byte[] pixels)
    {
        Width = width;
        Height = height;
        PixelFormat = format;
        _pixels = pixels;
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>Grey or RGB.</summary>
    public MLPixelFormat PixelFormat { get; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels => (int)PixelFormat;

    /// <summary>8 or 24.</summary>
    public int BitsPerPixel => 8 * Channels;

    /// <summary>The pixels, row by row: <c>[Height, Width, Channels]</c>.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Any text that should travel with the image, for example where it came from; null by default.</summary>
    public string? Tag { get; init; }

    /// <summary>OpenCV's version, for example <c>4.6.0</c>.</summary>
    /// <exception cref="DllNotFoundException">OpenCV is not installed.</exception>
    public static string OpenCvVersion => Marshal.PtrToStringUTF8(Native.mni_opencv_version()) ?? "";

    /// <summary>Reads and decodes an image file (<see cref="Decode"/>).</summary>
    /// <param name="imagePath">The file.</param>
    /// <param name="format">The pixel format to convert to; RGB by default.</param>
    /// <exception cref="ImageFormatException">The file is no readable image; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static MLImage CreateFromFile(string imagePath, MLPixelFormat format = MLPixelFormat.Rgb24)
    {
        try
        {
            return Decode(File.ReadAllBytes(imagePath), (int)format, imagePath);
        }
        catch (ImageFormatException error)
        {
            throw new ImageFormatException($"{imagePath}: {error.Message}");
        }
    }

    /// <summary>Reads a stream to its end and decodes it (<see cref="Decode"/>).</summary>
    /// <param name="imageStream">The encoded image.</param>
    /// <param name="format">The pixel format to convert to; RGB by default.</param>
    /// <exception cref="ImageFormatException">The stream holds no readable image.</exception>
    public static MLImage CreateFromStream(Stream imageStream, MLPixelFormat format = MLPixelFormat.Rgb24)
    {
        using var buffer = new MemoryStream();
        imageStream.CopyTo(buffer);
        return Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), (int)format);
    }

    /// <summary>Makes an image from pixels, which are copied.</summary>
    /// <param name="width">The width, at least 1.</param>
    /// <param name="height">The height, at least 1.</param>
    /// <param name="pixelFormat">Grey or RGB.</param>
    /// <param name="imagePixelData"><c>[height, width, channels]</c>, row by row.</param>
    /// <exception cref="ArgumentException">The number of bytes is not height × width × channels.</exception>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        CheckChannels((int)pixelFormat);
        var expected = (long)height * width * (int)pixelFormat;
        if (imagePixelData.Length != expected)
        {
            throw new ArgumentException(
                $"{imagePixelData.Length} bytes given, a {width} x {height} image of {(int)pixelFormat} channel(s) has {expected}", nameof(imagePixelData));
        }

        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    /// <summary>
    /// Decodes a JPEG, PNG, WebP, GIF (its first frame), BMP, TIFF or PNM file. EXIF orientation is applied; palettes, CMYK and 16-bit samples become
    /// 8-bit RGB (or grey by BT.601), transparency is dropped. A file that is cut short is refused, not filled up.
    /// </summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="tag">The new image's <see cref="Tag"/>.</param>
    /// <param name="maxPixels">The most pixels that the image may have, 1 to <see cref="ImageLimits.MaxPixels"/>, its default; checked against the header before anything is decoded.</param>
    /// <exception cref="ImageFormatException">The bytes are no readable image, or one of more than <paramref name="maxPixels"/>.</exception>
    public static unsafe MLImage Decode(ReadOnlySpan<byte> encoded, int channels = 3, string? tag = null, long maxPixels = ImageLimits.MaxPixels)
    {
        CheckChannels(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, ImageLimits.MaxPixels);
        fixed (byte* data = encoded)
        {
            Native.Check(Native.mni_probe(data, encoded.Length, maxPixels, out var height, out var width));
            var pixels = GC.AllocateUninitializedArray<byte>(height * width * channels);
            fixed (byte* target = pixels)
            {
                Native.Check(Native.mni_decode(
                    data, encoded.Length, maxPixels, channels, target, pixels.Length, out height, out width));
            }

            return new MLImage(width, height, (MLPixelFormat)channels, pixels) { Tag = tag };
        }
    }

    /// <summary>
    /// This image at another size: averaged over areas where both sides shrink, bilinear otherwise (OpenCV's
    /// <c>INTER_AREA</c> and <c>INTER_LINEAR</c>). An image that has the size already is returned as it is.
    /// </summary>
    /// <param name="height">The new height, at least 1.</param>
    /// <param name="width">The new width, at least 1.</param>
    /// <param name="resizing">What happens to another aspect ratio; stretches by default.</param>
    public MLImage Resize(int height, int width, ResizingKind resizing = ResizingKind.Fill)
    {
        if (height == Height && width == Width)
        {
            return this;
        }

        var resized = new byte[ImageBatch.Size(1, height, width, Channels)];
        ImageBatch.Resize(_pixels, 1, Height, Width, Channels, resized, height, width, Channels, resizing);
        return new MLImage(width, height, PixelFormat, resized) { Tag = Tag };
    }

    /// <summary>This image in the given pixel format: grey by BT.601, or RGB of three equal channels.</summary>
    /// <param name="format">Grey or RGB.</param>
    public MLImage ToFormat(MLPixelFormat format)
    {
        if (format == PixelFormat)
        {
            return this;
        }

        var converted = new byte[ImageBatch.Size(1, Height, Width, (int)format)];
        ImageBatch.Resize(_pixels, 1, Height, Width, Channels, converted, Height, Width, (int)format);
        return new MLImage(Width, Height, format, converted) { Tag = Tag };
    }

    /// <summary>The image as a PNG file.</summary>
    public unsafe byte[] EncodePng()
    {
        fixed (byte* source = _pixels)
        {
            Native.Check(Native.mni_encode_png(source, Height, Width, Channels, out var encoded, out var size));
            return Take(encoded, size);
        }
    }

    /// <summary>The image as a JPEG file.</summary>
    /// <param name="quality">0 (smallest) to 100 (best); 90 by default.</param>
    public unsafe byte[] EncodeJpeg(int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        fixed (byte* source = _pixels)
        {
            Native.Check(Native.mni_encode_jpeg(source, Height, Width, Channels, quality, out var encoded, out var size));
            return Take(encoded, size);
        }
    }

    /// <summary>Writes the image as PNG or JPEG, as the file's ending says; written beside and renamed into place.</summary>
    /// <param name="imagePath">A path that ends in <c>.png</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <exception cref="ArgumentException">Another ending.</exception>
    public void Save(string imagePath)
    {
        var encoded = Path.GetExtension(imagePath).ToUpperInvariant() switch
        {
            ".PNG" => EncodePng(),
            ".JPG" or ".JPEG" => EncodeJpeg(),
            var ending => throw new ArgumentException($"{imagePath}: images are saved as .png, .jpg or .jpeg, not as '{ending}'", nameof(imagePath)),
        };
        var unfinished = $"{imagePath}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllBytes(unfinished, encoded);
            File.Move(unfinished, imagePath, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    internal static void CheckChannels(int channels)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "an image has 1 channel (grey) or 3 (RGB)");
        }
    }

    private static unsafe byte[] Take(byte* encoded, long size)
    {
        try
        {
            return new ReadOnlySpan<byte>(encoded, checked((int)size)).ToArray();
        }
        finally
        {
            Native.mni_free(encoded);
        }
    }
}
