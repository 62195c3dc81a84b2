
namespace MLNetCnn.Data;

/// <summary>Text files that name the images of each split, one a line, with their endings or without, as Food-101 has them.</summary>
internal sealed class SplitLists
{
    private readonly Dictionary<string, (DatasetSplit Split, string List)> _splits = new(StringComparer.Ordinal);

    public SplitLists(IFileSet files, IReadOnlyDictionary<DatasetSplit, string> lists, CancellationToken cancellation)
    {
        var texts = files.ReadTexts(lists.Values, cancellation);
        foreach (var (split, list) in lists.OrderBy(list => list.Key))
        {
            foreach (var line in texts[list].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!_splits.TryAdd(line, (split, list)))
                {
                    throw new DatasetException($"{files.PathOf(list)} names {LeftOut.Printable(line)}, which stands in a list already: an image belongs to one split");
                }
            }
        }
    }

    /// <summary>Gives every image its split; those in no list are left out, those of a list that are not there are noted.</summary>
    public List<FolderImage> Assign(IReadOnlyList<FolderImage> images, FolderTree tree, LeftOut leftOut)
    {
        // A line with no ending, or another one, means the one file of that name, where there is but one.
        var alone = images.CountBy(image => WithoutEnding(tree.Below(image.File))).Where(files => files.Value == 1).Select(files => files.Key).ToHashSet(StringComparer.Ordinal);
        var lines = _splits.Keys.ToLookup(WithoutEnding, StringComparer.Ordinal);
        if (lines.FirstOrDefault(named => alone.Contains(named.Key) && _splits.TryGetValue(named.Key, out var plain) && named.Any(line => _splits[line].Split != plain.Split)) is { } twice)
        {
            throw new DatasetException($"the lists name {LeftOut.Printable(string.Join(" and ", twice))}, which are one file: an image belongs to one split");
        }

        var (assigned, otherwise) = (new List<FolderImage>(), new List<string>());
        foreach (var image in images)
        {
            var name = tree.Below(image.File);
            var stem = WithoutEnding(name);
            var line = _splits.ContainsKey(name) ? name : _splits.ContainsKey(stem) ? stem : alone.Contains(stem) && lines[stem].ToList() is [var other] ? other : null;
            if (line is null || !_splits.Remove(line, out var listed))
            {
                leftOut.Add(tree.PathOf(image.File), " stands in none of the lists of the splits");
                continue;
            }

            assigned.Add(image with { Split = listed.Split });
            if (line != name && line != stem)
            {
                otherwise.Add($"{line} is {name}");
            }
            else if (alone.Contains(stem))
            {
                // The same file in other words.
                _splits.Remove(stem);
            }
        }

        if (otherwise.Count > 0)
        {
            leftOut.Note($"{otherwise.Count} image(s) have another ending than the lists give them, such as {LeftOut.Printable(otherwise[0])}: they are taken for those");
        }

        foreach (var (name, (_, list)) in _splits)
        {
            leftOut.Add($"{list}: {name}", " is not there");
        }

        return assigned;
    }

    private static string WithoutEnding(string name) => ImageFiles.IsImage(name) ? Path.ChangeExtension(name, null) : name;
}
