namespace MLNetCnn.Data;

/// <summary>A split whose images are files of a set.</summary>
/// <param name="split">The split.</param>
/// <param name="files">The set.</param>
/// <param name="names">The images' files in it.</param>
/// <param name="labels">Their classes.</param>
/// <param name="root">The folder of the set that images are called from, with its slash: what lies above is not the dataset's own.</param>
internal sealed class EncodedSplit(DatasetSplit split, IFileSet files, IReadOnlyList<string> names, IReadOnlyList<int> labels, string root) : ISplitReader
{
    public DatasetSplit Split => split;

    public IReadOnlyList<int> Labels => labels;

    public string NameOf(int index) => names[index].StartsWith(root, StringComparison.Ordinal) ? names[index][root.Length..] : names[index];

    public void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation)
    {
        var places = chosen.Index().ToDictionary(choice => names[choice.Item], choice => choice.Index, StringComparer.Ordinal);
        files.Read(places.Keys.ToHashSet(StringComparer.Ordinal), (file, open) => sink.Add(places[file.Name], files.PathOf(file.Name), open, file.Size), cancellation);
    }
}
