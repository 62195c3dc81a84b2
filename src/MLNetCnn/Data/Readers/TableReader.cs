using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>
/// A table of image paths and labels, as ML.NET's samples load them: tab-separated, or separated by commas where the name ends in
/// <c>.csv</c> (by semicolons where its first line has no comma, as spreadsheets write it in much of Europe); fields may be quoted.
/// Columns are path, label and, optionally, split. A first line that names no file is a header, which may give the columns another
/// order (<c>ImagePath</c>, <c>Label</c>, <c>Split</c>).
/// </summary>
internal sealed class TableReader(string file) : IImageReader
{
    public const string KindName = "table";

    private static readonly string[] Endings = [".tsv", ".csv"];

    public string Kind => KindName;

    public IReadOnlyList<string> Files => [file];

    public string Identity => $"{Kind}:{file}";

    public static bool IsTable(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    public static TableReader Parse(StrictJson json) => new(json.Text("file"));

    // A table may lie beside much else: its images and what is made of them, a whole project.
    public IReadOnlySet<string> Named(IFileSet files, CancellationToken cancellation) =>
        Rows(files, new LeftOut(), cancellation).Select(row => row.Path).Append(file).ToHashSet(StringComparer.Ordinal);

    public OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation)
    {
        var leftOut = new LeftOut();
        leftOut.Add(files.LeftOut);
        var rows = Rows(files, leftOut, cancellation);
        var found = rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        var classes = expected.Classes.Count > 0 ? expected.Classes : found;
        if (found.Except(classes).ToList() is { Count: > 0 } strangers)
        {
            throw new DatasetException($"{files.PathOf(file)} has labels that are none of the manifest's classes: {string.Join(", ", strangers.Take(LeftOut.NamedOfAKind))}");
        }

        if (classes.Count < 2 || rows.All(row => row.Split != DatasetSplit.Train))
        {
            throw new DatasetException($"{files.PathOf(file)} has {rows.Count} usable rows with {found.Count} label(s): training images of at least two are needed, as in image.jpg{(IsCommaSeparated ? "," : "<tab>")}label{leftOut.Example}");
        }

        var labels = classes.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        return new OpenedImages(
            classes,
            [.. rows.GroupBy(row => row.Split).OrderBy(split => split.Key)
                .Select(split => new EncodedSplit(split.Key, files, [.. split.Select(row => row.Path)], [.. split.Select(row => labels[row.Label])], Root))],
            leftOut);
    }

    private List<Row> Rows(IFileSet files, LeftOut leftOut, CancellationToken cancellation)
    {
        var text = files.ReadTexts([file], cancellation)[file];
        var known = files.Files.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        Columns? columns = null;
        var lines = TableRows.Of(text, DelimiterOf(text)).ToList();
        foreach (var (number, fields) in lines)
        {
            if (fields is null)
            {
                leftOut.Add(Line(files, number), " has unbalanced quotes");
            }
            else if (columns is null && !fields.Any(field => ImageFiles.IsImage(field) || IsThere(field, out _)))
            {
                columns = HeaderOf(fields, files.PathOf(file)).WithSplitOf([.. lines.Where(line => line.Number > number).Select(line => line.Fields).OfType<string[]>()]);
                if (!columns.AreNamed)
                {
                    leftOut.Note($"{Line(files, number)} names no file and is taken as the header: {LeftOut.Printable(string.Join(", ", fields))}");
                }
            }
            else if ((columns ??= Columns.InOrder).Read(fields) is not var (path, label, split))
            {
                leftOut.Add(Line(files, number), $" has no path, no label or an unknown split ({string.Join(", ", SplitCounts.Spellings.Keys)} are known)");
            }
            else if (!IsThere(path, out var name))
            {
                leftOut.Add(Line(files, number), $": {LeftOut.Printable(path)} is no file below {files.Name}");
            }
            else if (!rows.TryAdd(name, new Row(name, label, split)))
            {
                leftOut.Add(Line(files, number), $": {LeftOut.Printable(path)} stands in the table twice");
            }
        }

        return [.. rows.Values];

        bool IsThere(string path, [NotNullWhen(true)] out string? name) => (name = Below(files, path)) is not null && known.Contains(name);
    }

    private string DelimiterOf(string text)
    {
        var first = text.AsSpan().TrimStart();
        first = first.IndexOfAny('\r', '\n') is >= 0 and var end ? first[..end] : first;
        return !IsCommaSeparated ? "\t" : first.Contains(',') || !first.Contains(';') ? "," : ";";
    }

    private bool IsCommaSeparated => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    // The table's own folder in the set, with its slash.
    private string Root => file[..(file.LastIndexOf('/') + 1)];

    private string Line(IFileSet files, int number) => string.Create(CultureInfo.InvariantCulture, $"{files.PathOf(file)}, line {number}");

    // Relative to the table, or absolute: then from the folder as it was named, or from where links lead to.
    private string? Below(IFileSet files, string path)
    {
        var plain = path.Replace('\\', '/');
        if (!Path.IsPathRooted(plain))
        {
            return FileListing.PlainName(Root + plain);
        }

        var name = Path.GetRelativePath(files.Name, plain);
        return (name.StartsWith("..", StringComparison.Ordinal) && Directory.Exists(files.Name) ? Path.GetRelativePath(RealPath.Of(files.Name), plain) : name).Replace('\\', '/');
    }

    private sealed record Row(string Path, string Label, DatasetSplit Split);

    /// <exception cref="DatasetException">It does not tell which column holds the labels.</exception>
    private static Columns HeaderOf(string[] header, string table)
    {
        var (path, label, split) = (Find("ImagePath", "Path", "Image", "File", "FileName", "ImageSource"), Find("Label", "Class", "Category"), Find("Split", "Set", "Subset"));
        if ((path, label, split) is ( < 0, < 0, < 0))
        {
            return Columns.InOrder with { Split = -1, AreNamed = false, Others = [.. Enumerable.Range(2, Math.Max(0, header.Length - 2))] };
        }

        // What is called otherwise can only be what is left.
        path = path >= 0 ? path : Only("image paths", "ImagePath", label, split);
        label = label >= 0 ? label : Only("labels", "Label", path, split);
        return new(path, label, split) { Others = [.. Enumerable.Range(0, header.Length).Except([path, label, split])] };

        int Find(params string[] names) => Array.FindIndex(header, name => names.Contains(name, StringComparer.OrdinalIgnoreCase));

        int Only(string what, string name, params int[] taken) => Enumerable.Range(0, header.Length).Except(taken).ToList() is [var left]
            ? left
            : throw new DatasetException($"{table} does not tell which of its columns {LeftOut.Printable(string.Join(", ", header))} holds the {what}: call it {name}");
    }

    private sealed record Columns(int Path, int Label, int Split)
    {
        /// <summary>Those of a table without a header.</summary>
        public static Columns InOrder { get; } = new(0, 1, 2);

        /// <summary>Whether a header named one of them at least.</summary>
        public bool AreNamed { get; init; } = true;

        /// <summary>Those that are read for nothing.</summary>
        public IReadOnlyList<int> Others { get; init; } = [];

        // A row that is misspelt makes no other column of it, and is told by itself; so large a share of words is no chance.
        private const double LeastSpelt = 0.9;

        /// <summary>With the one other column that holds splits, whatever it is called, where none is called so.</summary>
        public Columns WithSplitOf(IReadOnlyList<string[]> rows) => Split < 0 && Others.Where(column => IsOfSplits(column, rows)).ToList() is [var found]
            ? this with { Split = found }
            : this;

        private static bool IsOfSplits(int column, IReadOnlyList<string[]> rows)
        {
            var spelt = rows.Where(row => column < row.Length && SplitCounts.Spellings.ContainsKey(row[column])).Select(row => SplitCounts.Spellings[row[column]]).ToList();
            return spelt.Count > 0 && (spelt.Count == rows.Count || (spelt.Count >= LeastSpelt * rows.Count && spelt.Distinct().Count() > 1));
        }

        public Row? Read(string[] fields)
        {
            if (fields.Length <= Math.Max(Path, Label) || fields[Path].Length == 0 || fields[Label].Length == 0)
            {
                return null;
            }

            var split = Split >= 0 && Split < fields.Length ? fields[Split] : "train";
            return SplitCounts.Spellings.TryGetValue(split, out var known) ? new Row(fields[Path], fields[Label], known) : null;
        }
    }
}
