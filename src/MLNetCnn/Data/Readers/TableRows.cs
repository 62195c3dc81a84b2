using Microsoft.VisualBasic.FileIO;

namespace MLNetCnn.Data;

/// <summary>Parts a table's text into rows and their fields; those of a row whose quotes do not close are null.</summary>
internal static class TableRows
{
    // That one row may have.
    private const int MostLines = 100;

    /// <summary>The rows in their order, each with the number of its first line, from 1; empty lines are none.</summary>
    public static IEnumerable<(int Number, string[]? Fields)> Of(string text, string delimiter)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1];
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (!line.Contains('"'))
            {
                yield return (number, line.Split(delimiter, StringSplitOptions.TrimEntries));
                continue;
            }

            // A caption may go over several lines. A quote that is never closed costs its own line, and not those behind it.
            var first = number;
            var fields = Quoted(line, delimiter);
            if (fields is null && LastOf(lines, first, delimiter) is { } last && (fields = Quoted(string.Join('\n', lines[(first - 1)..last]), delimiter)) is not null)
            {
                number = last;
            }

            yield return (first, fields);
        }
    }

    // The line, counted from 1, that closes the quote which another leaves open; a second image begins a row of its own.
    private static int? LastOf(string[] lines, int first, string delimiter)
    {
        var quotes = lines[first - 1].Count('"');
        var isNamed = NamesImage(lines[first - 1]);
        for (var last = first + 1; quotes % 2 == 1 && last <= Math.Min(lines.Length, first + MostLines); last++)
        {
            var line = lines[last - 1];
            if (isNamed && NamesImage(line))
            {
                return null;
            }

            isNamed |= NamesImage(line);
            quotes += line.Count('"');
            if (quotes % 2 == 0)
            {
                return last;
            }
        }

        return null;

        bool NamesImage(string line) => line.Split(delimiter).Any(field => ImageFiles.IsImage(field.Trim(' ', '\t', '"')));
    }

    private static string[]? Quoted(string lines, string delimiter)
    {
        using var parser = new TextFieldParser(new StringReader(lines)) { TrimWhiteSpace = true, HasFieldsEnclosedInQuotes = true, Delimiters = [delimiter] };
        try
        {
            var fields = parser.ReadFields() ?? [];
            return parser.EndOfData ? fields : null;
        }
        catch (MalformedLineException)
        {
            return null;
        }
    }
}
