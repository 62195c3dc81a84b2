using System.Globalization;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// The binary format of CIFAR-10 and CIFAR-100 (A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009):
/// records of one label (CIFAR-100: a coarse and a fine one) and 32×32 pixels as planes of red, green and blue.
/// </summary>
internal sealed class CifarReader : IImageReader
{
    public const string KindName = "cifar";

    private static readonly ImageShape Shape = new(Channels: 3, Height: 32, Width: 32);
    private static readonly string[] LabelKinds = ["single", "coarse", "fine"];

    private readonly string _label;
    private readonly IReadOnlyList<(DatasetSplit Split, IReadOnlyList<string> Files)> _parts;

    private CifarReader(string label, IReadOnlyList<(DatasetSplit Split, IReadOnlyList<string> Files)> parts) => (_label, _parts) = (label, parts);

    public string Kind => KindName;

    public IReadOnlyList<string> Files => [.. _parts.SelectMany(part => part.Files)];

    public string Identity => $"{Kind}:{_label}:{string.Join(';', _parts.Select(part => $"{SplitCounts.NameOf(part.Split)}={string.Join('|', part.Files)}"))}";

    private int LabelBytes => _label == "single" ? 1 : 2;

    private int RecordBytes => LabelBytes + Shape.Size;

    public static CifarReader Parse(StrictJson json)
    {
        var label = json.Choice("label", LabelKinds);
        var parts = new List<(DatasetSplit, IReadOnlyList<string>)>();
        foreach (var (name, split) in SplitCounts.Names)
        {
            if (json.Texts(name, required: split == DatasetSplit.Train) is { } files)
            {
                parts.Add((split, files));
            }
        }

        return new CifarReader(label, parts);
    }

    public OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation)
    {
        var sizes = files.Files.ToDictionary(file => file.Name, file => file.Size, StringComparer.Ordinal);
        foreach (var name in Files)
        {
            if (!sizes.TryGetValue(name, out var size))
            {
                throw new DatasetException($"{files.Name} has no file {name}");
            }

            if (size == 0 || size % RecordBytes != 0)
            {
                throw new DatasetException($"{files.PathOf(name)} is truncated or no CIFAR file: its {size} bytes are no whole number of records of {RecordBytes}");
            }
        }

        var labels = ReadLabels(files, sizes, expected.Classes.Count, cancellation);
        return new OpenedImages(expected.Classes, [.. _parts.Select(part => new CifarSplit(this, files, part.Split, part.Files, labels))], files.LeftOut);
    }

    private Dictionary<string, int[]> ReadLabels(IFileSet files, Dictionary<string, long> sizes, int classes, CancellationToken cancellation)
    {
        var labels = new Dictionary<string, int[]>(StringComparer.Ordinal);
        files.Read(
            Files.ToHashSet(StringComparer.Ordinal),
            (file, open) =>
            {
                var found = labels[file.Name] = new int[sizes[file.Name] / RecordBytes];
                ForEachRecord(files, file.Name, open, found.Length, (index, record) =>
                {
                    found[index] = record[_label == "fine" ? 1 : 0];
                    if (found[index] >= classes)
                    {
                        throw new DatasetException($"{files.PathOf(file.Name)} has the label {found[index]} at position {index}, the manifest has {classes} classes (0 to {classes - 1})");
                    }
                });
            },
            cancellation);
        return labels;
    }

    private void ForEachRecord(IFileSet files, string name, Func<Stream> open, int count, Action<int, byte[]> visit)
    {
        try
        {
            using var stream = new BufferedStream(open(), 1 << 18);
            var record = new byte[RecordBytes];
            for (var index = 0; index < count; index++)
            {
                stream.ReadExactly(record);
                visit(index, record);
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{files.PathOf(name)} cannot be read: {error.Message}", error);
        }
    }

    private sealed class CifarSplit(
        CifarReader reader, IFileSet files, DatasetSplit split, IReadOnlyList<string> names, Dictionary<string, int[]> labels) : ISplitReader
    {
        public DatasetSplit Split => split;

        public IReadOnlyList<int> Labels { get; } = [.. names.SelectMany(name => labels[name])];

        public string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{index}");

        public void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation)
        {
            var places = new int[Labels.Count];
            Array.Fill(places, -1);
            foreach (var (place, index) in chosen.Index())
            {
                places[index] = place;
            }

            var pixels = new byte[Shape.Size];
            files.Read(
                names.ToHashSet(StringComparer.Ordinal),
                (file, open) =>
                {
                    var before = names.TakeWhile(name => name != file.Name).Sum(name => labels[name].Length);
                    reader.ForEachRecord(files, file.Name, open, labels[file.Name].Length, (index, record) =>
                    {
                        if (places[before + index] is >= 0 and var place)
                        {
                            ImageBatch.Interleave(record.AsSpan(reader.LabelBytes), 1, Shape.Height, Shape.Width, Shape.Channels, pixels);
                            sink.AddPixels(place, $"{files.PathOf(file.Name)}#{index}", pixels, Shape);
                        }
                    });
                },
                cancellation);
        }
    }
}
