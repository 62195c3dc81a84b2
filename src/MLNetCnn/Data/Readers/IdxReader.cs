using MLNetCnn.Imaging;

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

    public OpenedImages Open(ResolvedSource source, ExpectedImages expected) => new(
        expected.Classes, [.. _parts.Select(part => Open(part.Split, source.Files[part.Images], source.Files[part.Labels], expected))], []);

    private static IdxSplit Open(DatasetSplit split, string imageFile, string labelFile, ExpectedImages expected)
    {
        var images = IdxFile.Read(imageFile, dimensions: 3);
        var labels = IdxFile.Read(labelFile, dimensions: 1);
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

        return new IdxSplit(split, images, labels.Values);
    }

    private sealed record PartFiles(string Images, string Labels);

    private sealed class IdxSplit(DatasetSplit split, IdxFile images, byte[] labels) : ISplitReader
    {
        public DatasetSplit Split => split;

        public IReadOnlyList<int> Labels { get; } = [.. labels.Select(label => (int)label)];

        public IReadOnlyList<string?> Read(ReadOnlySpan<int> indices, ImageShape shape, ResizingKind resizing, Span<byte> destination)
        {
            var (height, width) = (images.Sizes[1], images.Sizes[2]);
            var native = shape == new ImageShape(1, height, width);
            var size = height * width;
            var gathered = native ? destination : new byte[(long)indices.Length * size];
            for (var i = 0; i < indices.Length; i++)
            {
                images.Values.AsSpan(indices[i] * size, size).CopyTo(gathered[(i * size)..]);
            }

            if (!native)
            {
                ImageBatch.Resize(gathered, indices.Length, height, width, 1, destination, shape.Height, shape.Width, shape.Channels, resizing);
            }

            return new string?[indices.Length];
        }
    }
}
