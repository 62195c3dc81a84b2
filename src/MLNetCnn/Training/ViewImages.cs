using System.Buffers;

using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Training;

/// <summary>The images of a view, ready to train on: the cached set behind an <see cref="ImageDataView"/>, or a copy of what a cursor gives.</summary>
internal sealed class ViewImages : IDisposable
{
    private const int RgbChannels = 3;

    private readonly bool _owned;

    private ViewImages(ImageSet set, bool owned) => (Set, _owned) = (set, owned);

    public ImageSet Set { get; }

    /// <exception cref="ConfigurationException">The labels are no keys, or the images differ in size.</exception>
    /// <exception cref="InvalidOperationException">The column holds no images.</exception>
    /// <exception cref="ImageFormatException">An image is unreadable; the message says in which row.</exception>
    public static ViewImages Read(IDataView view, ImageClassificationTrainer.Options options)
    {
        var cached = view is ImageDataView { Images: var images }
            && (options.FeatureColumnName, options.LabelColumnName) == (ImageDataView.ImageColumn, ImageDataView.LabelColumn)
            && (options.ImageHeight ?? images.Height, options.ImageWidth ?? images.Width) == (images.Height, images.Width)
            ? images
            : null;
        return cached is null ? new ViewImages(Copy(view, options), owned: true) : new ViewImages(cached, owned: false);
    }

    public void Dispose()
    {
        if (_owned)
        {
            Set.Dispose();
        }
    }

    private static ImageSet Copy(IDataView view, ImageClassificationTrainer.Options options)
    {
        var feature = view.Schema[options.FeatureColumnName];
        var label = view.Schema[options.LabelColumnName];
        ImageColumn.Check(feature);
        var classes = Classes(label);
        var pixels = new ArrayBufferWriter<byte>();
        var labels = new List<int>();
        ImageShape? shape = null;
        using var cursor = view.GetRowCursor([feature, label]);
        var image = ImageColumn.Reader(cursor, feature, RgbChannels);
        var key = ColumnReader.AsKey(cursor, label)!;
        while (cursor.MoveNext())
        {
            // A missing label or a label that is none of the classes teaches nothing.
            if (key() is not (> 0 and var value) || value > (ulong)classes.Length)
            {
                continue;
            }

            var next = image().Decode();
            shape ??= new ImageShape(next.Channels, options.ImageHeight ?? next.Height, options.ImageWidth ?? next.Width);
            pixels.Write(Fit(next, shape, cursor.Position, options).Pixels);
            labels.Add((int)value - 1);
        }

        return shape is null
            ? throw new ConfigurationException($"the view has no row with an image in '{feature.Name}' and a label in '{label.Name}'")
            : ImageSet.FromPixels(pixels.WrittenSpan, [.. labels], shape, classes);
    }

    private static MLImage Fit(MLImage image, ImageShape shape, long row, ImageClassificationTrainer.Options options)
    {
        var colours = image.Channels == shape.Channels ? image : image.ToFormat((MLPixelFormat)shape.Channels);
        return (image.Height, image.Width) == (shape.Height, shape.Width) ? colours
            : options.ImageHeight is not null && options.ImageWidth is not null ? colours.Resize(shape.Height, shape.Width)
            : throw new ConfigurationException(
                $"row {row} has an image of {image.Height}x{image.Width}, the first one is {shape.Height}x{shape.Width}: give imageHeight and imageWidth, or resize the images before");
    }

    private static string[] Classes(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType || !label.HasKeyValues())
        {
            throw new ConfigurationException($"the label column '{label.Name}' is {label.Type}, not a key with its values: map it with MapValueToKey before");
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        label.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
