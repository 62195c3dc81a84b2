using System.Net;
using System.Text;

using MLNetCnn.Imaging;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary>A grid of a dataset's samples, one row per class: an image, or a page that needs no other file.</summary>
internal static class DataGrid
{
    /// <exception cref="ConfigurationException">The file is neither .png nor .html.</exception>
    public static void Check(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".png") and var other)
        {
            throw new ConfigurationException($"{path}: a grid is written as .png or .html, not as '{other}'");
        }
    }

    /// <summary>Writes it to a file that passed the check.</summary>
    public static void Write(DatasetSummary summary, int columns, string path)
    {
        if (Path.GetExtension(path).Equals(".html", StringComparison.OrdinalIgnoreCase))
        {
            AtomicFile.Write(path, Page(summary));
            return;
        }

        var blank = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Grey8, [byte.MaxValue]);
        var rows = summary.Samples.GroupBy(sample => sample.Label).Select(row => row.Select(sample => MLImage.Decode(sample.Image, summary.Channels)).ToList());
        ImageGrid.Compose([.. rows.SelectMany(row => row.Concat(Enumerable.Repeat(blank, columns - row.Count)))], columns).Save(path);
    }

    private static string Page(DatasetSummary summary)
    {
        var rows = new StringBuilder();
        foreach (var samples in summary.Samples.GroupBy(sample => sample.Label))
        {
            rows.Append($"<tr><th scope=\"row\">{Text(samples.Key)}</th><td>");
            foreach (var sample in samples)
            {
                rows.Append($"<img alt=\"{Text(samples.Key)}\" src=\"data:{sample.MediaType};base64,{Convert.ToBase64String(sample.Image)}\">");
            }

            rows.Append("</td></tr>\n");
        }

        return $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{Text(summary.Name)}}</title>
            <style>
            body { font-family: system-ui, sans-serif; margin: 2em; color-scheme: light dark }
            th { text-align: right; padding-right: 1em; font-weight: normal }
            img { height: 6em; min-width: 3em; margin: 1px; object-fit: contain; image-rendering: auto }
            </style>
            <h1>{{Text(summary.Name)}}</h1>
            <p>{{Text(summary.Description)}}</p>
            <p>Licence: {{Text(summary.Licence ?? "none stated")}}. Citation: {{Text(summary.Citation ?? "none asked for")}}.</p>
            <table>
            {{rows}}</table>
            </html>

            """;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
