using System.Globalization;
using Microsoft.VisualBasic.FileIO;

namespace MLNetCnn.Data;

/// <summary>
/// A table of image paths and labels, as ML.NET's samples load them: tab-separated, or comma-separated where the name ends in
/// <c>.csv</c>; fields may be quoted. Columns are path, label and, optionally, split. A first line that names no image is a header,
/// which may give the columns another order (<c>ImagePath</c>, <c>Label</c>, <c>Split</c>).
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

    public OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation)
    {
        var leftOut = new LeftOut();
        leftOut.Add(files.LeftOut);
        var rows = Rows(files, files.ReadTexts([file], cancellation)[file], leftOut);
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
                .Select(split => new EncodedSplit(split.Key, files, [.. split.Select(row => row.Path)], [.. split.Select(row => labels[row.Label])]))],
            leftOut);
    }

    private List<Row> Rows(IFileSet files, string text, LeftOut leftOut)
    {
        var known = files.Files.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var beside = file.Contains('/') ? file[..(file.LastIndexOf('/') + 1)] : "";
        using var parser = new TextFieldParser(new StringReader(text)) { TrimWhiteSpace = true, HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters(IsCommaSeparated ? "," : "\t");
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        var columns = new Columns(0, 1, 2);
        var last = text.TrimEnd().AsSpan().Count('\n') + 1;
        for (var first = true; !parser.EndOfData; first = false)
        {
            var fields = Fields(parser);

            // Behind the row, of which it is the last line: blank lines before it were passed over. -1 behind the last row.
            var line = fields is null ? parser.ErrorLineNumber : parser.LineNumber > 0 ? parser.LineNumber - 1 : last;
            if (fields is null)
            {
                leftOut.Add(Line(files, line), " has unbalanced quotes");
            }
            else if (first && !fields.Any(ImageFiles.IsImage))
            {
                columns = Columns.Of(fields);
            }
            else if (columns.Read(fields) is not var (path, label, split))
            {
                leftOut.Add(Line(files, line), $" has no path, no label or an unknown split ({string.Join(", ", SplitCounts.Spellings.Keys)} are known)");
            }
            else if (Below(files, beside, path) is not { } name || !known.Contains(name))
            {
                leftOut.Add(Line(files, line), $": {LeftOut.Printable(path)} is no file below {files.Name}");
            }
            else if (!rows.TryAdd(name, new Row(name, label, split)))
            {
                leftOut.Add(Line(files, line), $": {LeftOut.Printable(path)} stands in the table twice");
            }
        }

        return [.. rows.Values];
    }

    private bool IsCommaSeparated => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private string Line(IFileSet files, long line) => string.Create(CultureInfo.InvariantCulture, $"{files.PathOf(file)}, line {line}");

    private static string[]? Fields(TextFieldParser parser)
    {
        try
        {
            return parser.ReadFields() ?? [];
        }
        catch (MalformedLineException)
        {
            return null;
        }
    }

    // Relative to the table, or absolute.
    private static string? Below(IFileSet files, string beside, string path)
    {
        var plain = path.Replace('\\', '/');
        if (Path.IsPathRooted(plain))
        {
            return Path.GetRelativePath(files.Name, plain).Replace('\\', '/');
        }

        return FileListing.PlainName(beside + plain);
    }

    private sealed record Row(string Path, string Label, DatasetSplit Split);

    private sealed record Columns(int Path, int Label, int Split)
    {
        public static Columns Of(string[] header)
        {
            int Find(int fallback, params string[] names) =>
                Array.FindIndex(header, name => names.Contains(name, StringComparer.OrdinalIgnoreCase)) is >= 0 and var index ? index : fallback;

            return new(Find(0, "ImagePath", "Path", "Image", "File", "FileName", "ImageSource"), Find(1, "Label", "Class", "Category"), Find(-1, "Split", "Set", "Subset"));
        }

        public Row? Read(string[] fields)
        {
            if (fields.Length <= Math.Max(Path, Label) || fields[Path].Length == 0 || fields[Label].Length == 0)
            {
                return null;
            }

            var split = Split >= 0 && Split < fields.Length && Split != Path && Split != Label ? fields[Split] : "train";
            return SplitCounts.Spellings.TryGetValue(split, out var known) ? new Row(fields[Path], fields[Label], known) : null;
        }
    }
}
