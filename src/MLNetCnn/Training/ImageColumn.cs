using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Training;

/// <summary>Reads the images of a column, whether decoded or encoded.</summary>
internal static class ImageColumn
{
    // What a JPEG of a photograph grows by when it is decoded, about.
    private const int Packing = 10;

    /// <exception cref="InvalidOperationException">The column holds no images.</exception>
    public static void Check(DataViewSchema.Column column)
    {
        if (column.Type is not ImageDataViewType && column.Type.RawType != typeof(VBuffer<byte>))
        {
            throw new InvalidOperationException(
                $"image classification needs images, but column '{column.Name}' is {column.Type}: load them with LoadImages or LoadRawImageBytes before");
        }
    }

    /// <summary>Makes a function that reads the image of the current row, as it is in the column.</summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">The column of images.</param>
    public static Func<ImageContent> Contents(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is ImageDataViewType)
        {
            var getter = row.GetGetter<MLImage>(column);
            MLImage? value = null;
            return () =>
            {
                getter(ref value!);
                return new([], value ?? throw new InvalidDataException($"row {row.Position} has no image in column '{column.Name}'"));
            };
        }

        var encoded = row.GetGetter<VBuffer<byte>>(column);
        var bytes = default(VBuffer<byte>);
        return () =>
        {
            encoded(ref bytes);
            var file = new byte[bytes.Length];
            bytes.CopyTo(file);
            return new(file, null);
        };
    }

    /// <summary>
    /// Makes a function that reads the current row and gives what decodes its image, on any thread and after the row has moved on, and
    /// about how many bytes the decoded image has.
    /// </summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">The column of images.</param>
    /// <param name="channels">What encoded images are decoded to: 1 (grey) or 3 (RGB).</param>
    public static Func<(Func<MLImage> Decode, long Bytes)> Reader(DataViewRow row, DataViewSchema.Column column, int channels)
    {
        var contents = Contents(row, column);
        return () =>
        {
            var (file, image) = contents();
            var position = row.Position;
            return image is null ? (() => Decode(file, channels, position), (long)file.Length * Packing) : (() => image, image.Pixels.Length);
        };
    }

    private static MLImage Decode(byte[] file, int channels, long position)
    {
        try
        {
            return MLImage.Decode(file, channels);
        }
        catch (ImageFormatException unreadable)
        {
            throw new ImageFormatException($"row {position}: {unreadable.Message}");
        }
    }
}

/// <summary>An image of a column.</summary>
/// <param name="File">Its encoded bytes; empty where it is decoded.</param>
/// <param name="Image">The decoded image; null where it is encoded.</param>
internal readonly record struct ImageContent(byte[] File, MLImage? Image)
{
    /// <summary>What the image is made of: its encoded bytes, or its pixels.</summary>
    public ReadOnlySpan<byte> Bytes => Image is null ? File : Image.Pixels;
}
