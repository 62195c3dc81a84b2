using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>
/// The IDX format of MNIST and its relatives: per split one file of grey images and one of labels, plain or gzipped
/// (Y. LeCun, C. Cortes, C. Burges: The MNIST database).
/// </summary>
internal sealed class IdxReader : IImageReader
{
    public const string KindName = "idx";

    private readonly IReadOnlyList<(DatasetSplit Split, string Images, string Labels)> _parts;

    private IdxReader(IReadOnlyList<(DatasetSplit Split, string Images, string Labels)> parts) => _parts = parts;

    public string Kind => KindName;

    public IReadOnlyList<string> Files => [.. _parts.SelectMany(part => new[] { part.Images, part.Labels })];

    public string Identity => $"{Kind}:{string.Join(';', _parts.Select(part => $"{SplitCounts.NameOf(part.Split)}={part.Images}|{part.Labels}"))}";

    public static IdxReader Parse(StrictJson json)
    {
        var parts = new List<(DatasetSplit, string, string)>();
        foreach (var (name, split) in SplitCounts.Names)
        {
            var part = json.Object(name, files => new PartFiles(files.Text("images"), files.Text("labels")), required: split == DatasetSplit.Train);
            if (part is not null)
            {
                parts.Add((split, part.Images, part.Labels));
            }
        }

        return new IdxReader(parts);
    }

    public OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation)
    {
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        files.Read(Files.ToHashSet(StringComparer.Ordinal), (file, open) => contents[file.Name] = Read(files.PathOf(file.Name), open), cancellation);
        if (Files.FirstOrDefault(name => !contents.ContainsKey(name)) is { } missing)
        {
            throw new DatasetException($"{files.Name} has no file {missing}");
        }

        (byte[], string) Content(string name) => (contents[name], files.PathOf(name));
        return new OpenedImages(
            expected.Classes, [.. _parts.Select(part => Open(part.Split, Content(part.Images), Content(part.Labels), expected))], files.LeftOut);
    }

    private static byte[] Read(string path, Func<Stream> open)
    {
        try
        {
            using var content = new MemoryStream();
            open().CopyTo(content);
            return content.ToArray();
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static IdxSplit Open(DatasetSplit split, (byte[] Bytes, string Path) imageContent, (byte[] Bytes, string Path) labelContent, ExpectedImages expected)
    {
        var (imageFile, labelFile) = (imageContent.Path, labelContent.Path);
        var images = IdxFile.Read(imageContent.Bytes, imageFile, dimensions: 3);
        var labels = IdxFile.Read(labelContent.Bytes, labelFile, dimensions: 1);
        var (count, height, width) = (images.Sizes[0], images.Sizes[1], images.Sizes[2]);
        if (labels.Sizes[0] != count)
        {
            throw new DatasetException($"{labelFile} has {labels.Sizes[0]} labels, {imageFile} has {count} images: they do not belong together");
        }

        if ((height, width, 1) != (expected.Image.Height, expected.Image.Width, expected.Image.Channels))
        {
            throw new DatasetException($"{imageFile} has images of {new ImageShape(1, height, width)}, the manifest declares {expected.Image}");
        }

        var stranger = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(expected.Classes.Count - 1));
        if (stranger >= 0)
        {
            throw new DatasetException($"{labelFile} has the label {labels.Values[stranger]} at position {stranger}, the manifest has {expected.Classes.Count} classes (0 to {expected.Classes.Count - 1})");
        }

        return new IdxSplit(split, imageFile, images, labels.Values);
    }

    private sealed record PartFiles(string Images, string Labels);

    private sealed class IdxSplit(DatasetSplit split, string file, IdxFile images, byte[] labels) : ISplitReader
    {
        public DatasetSplit Split => split;

        public IReadOnlyList<int> Labels { get; } = [.. labels.Select(label => (int)label)];

        public string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{index}");

        public void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation)
        {
            var shape = new ImageShape(1, images.Sizes[1], images.Sizes[2]);
            foreach (var (place, index) in chosen.Index())
            {
                sink.AddPixels(place, $"{file}#{index}", images.Values.AsSpan(index * shape.Size, shape.Size), shape);
            }
        }
    }
}
