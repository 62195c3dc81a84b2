namespace MLNetCnn.Data;

/// <summary>A split whose images are files of a set.</summary>
internal sealed class EncodedSplit(DatasetSplit split, IFileSet files, IReadOnlyList<string> names, IReadOnlyList<int> labels) : ISplitReader
{
    public DatasetSplit Split => split;

    public IReadOnlyList<int> Labels => labels;

    public string NameOf(int index) => names[index];

    public void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation)
    {
        var places = chosen.Index().ToDictionary(choice => names[choice.Item], choice => choice.Index, StringComparer.Ordinal);
        files.Read(places.Keys.ToHashSet(StringComparer.Ordinal), (file, open) => sink.Add(places[file.Name], files.PathOf(file.Name), open, file.Size), cancellation);
    }
}
