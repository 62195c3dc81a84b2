using System.Globalization;
using System.Security.Cryptography;

using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Training;

/// <summary>The labelled images of a view, as the image cache reads them. Its rows are read once for what they are, and once more for the cache.</summary>
internal sealed class ViewReader : ISplitReader
{
    private const int RgbChannels = 3;

    private readonly IDataView _view;
    private readonly DataViewSchema.Column _feature;
    private readonly List<long> _rows = [];
    private readonly List<int> _labels = [];

    /// <exception cref="ConfigurationException">The labels are no keys, or there is no image.</exception>
    /// <exception cref="DatasetException">None of the images can be read.</exception>
    /// <exception cref="InvalidOperationException">The column holds no images.</exception>
    public ViewReader(IDataView view, string feature, string label)
    {
        (_view, _feature) = (view, view.Schema[feature]);
        ImageColumn.Check(_feature);
        var labels = view.Schema[label];
        Classes = ClassesOf(labels);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var cursor = view.GetRowCursor([_feature, labels]);
        var contents = ImageColumn.Contents(cursor, _feature);
        var key = ColumnReader.AsKey(cursor, labels)!;
        ImageShape? first = null;
        while (cursor.MoveNext())
        {
            // A missing label or a label that is none of the classes teaches nothing.
            if (key() is not (> 0 and var value) || value > (ulong)Classes.Count)
            {
                continue;
            }

            var image = contents();
            first ??= ShapeOf(image);
            _rows.Add(cursor.Position);
            _labels.Add((int)value - 1);
            hash.AppendData(BitConverter.GetBytes(value));
            hash.AppendData(BitConverter.GetBytes(image.Image?.Width ?? 0));
            hash.AppendData(BitConverter.GetBytes(image.Bytes.Length));
            hash.AppendData(image.Bytes);
        }

        Fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset());
        First = first ?? throw (_rows.Count > 0
            ? new DatasetException($"none of the {_rows.Count} images in '{feature}' can be read: the first is no image of a format that is known")
            : new ConfigurationException($"the view has no row with an image in '{feature}' and a label in '{label}'"));
    }

    public DatasetSplit Split => DatasetSplit.Train;

    public string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"row {_rows[index]}");

    public IReadOnlyList<int> Labels => _labels;

    /// <summary>The classes in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The size of the first image that can be read; of encoded ones in colour.</summary>
    public ImageShape First { get; }

    /// <summary>SHA-256 over images and labels.</summary>
    public string Fingerprint { get; }

    public void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation)
    {
        using var cursor = _view.GetRowCursor([_feature]);
        var contents = ImageColumn.Contents(cursor, _feature);
        foreach (var (place, index) in chosen.Index())
        {
            while (cursor.Position < _rows[index] && cursor.MoveNext())
            {
            }

            cancellation.ThrowIfCancellationRequested();
            var name = NameOf(index);
            var (file, image) = contents();
            if (image is null)
            {
                sink.Add(place, name, () => new MemoryStream(file), file.Length);
            }
            else
            {
                var colours = image.Channels == First.Channels ? image : image.ToFormat((MLPixelFormat)First.Channels);
                sink.AddPixels(place, name, colours.Pixels, new ImageShape(colours.Channels, colours.Height, colours.Width));
            }
        }
    }

    private static ImageShape? ShapeOf(ImageContent content)
    {
        try
        {
            var image = content.Image ?? MLImage.Decode(content.File, RgbChannels);
            return new ImageShape(image.Channels, image.Height, image.Width);
        }
        catch (ImageFormatException)
        {
            return null; // The cache says so of it and of all others that cannot be read.
        }
    }

    private static string[] ClassesOf(DataViewSchema.Column label) => AnnotationUtils.KeyTexts(label)
        ?? throw new ConfigurationException($"the label column '{label.Name}' is {label.Type}, not a key with its values: map it with MapValueToKey before");
}
