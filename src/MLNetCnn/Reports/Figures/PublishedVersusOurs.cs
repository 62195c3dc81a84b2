using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>A dumbbell for each run of a study: the published accuracy, ours with its 95 % interval, and the way between.</summary>
internal static class PublishedVersusOurs
{
    public static Chart Of(IReadOnlyList<(RunRecord Run, PublishedComparison Comparison)> rows)
    {
        var places = Enumerable.Range(0, rows.Count).Select(i => (double?)i).ToArray();
        var ours = rows.Select(row => row.Comparison.Ours).ToArray();
        Trace[] traces =
        [
            new ScatterTrace
            {
                X = [.. rows.SelectMany(row => new[] { row.Comparison.Published * 100, row.Comparison.Ours?.Share * 100, null })],
                Y = [.. places.SelectMany(place => new[] { place, place, null })],
                Mode = "lines",
                Line = new(Ink.Faint, 3),
                HoverInfo = "skip",
                ShowLegend = false,
            },
            new ScatterTrace
            {
                Name = "published",
                X = [.. rows.Select(row => (double?)row.Comparison.Published * 100)],
                Y = places,
                Mode = "markers",
                Marker = new(Ink.Published, 10, "diamond"),
                HoverTemplate = "%{y}: %{x:.2f} %",
            },
            new ScatterTrace
            {
                Name = "ours, 95 % interval",
                X = [.. ours.Select(interval => interval?.Share * 100)],
                Y = places,
                Mode = "markers",
                Marker = new(Ink.Ours, 9),
                ErrorX = new(
                    [.. ours.Select(interval => (interval?.High - interval?.Share) * 100)],
                    [.. ours.Select(interval => (interval?.Share - interval?.Low) * 100)],
                    Ink.Ours),
                HoverTemplate = "%{y}: %{x:.2f} %",
            },
        ];
        var layout = new Layout
        {
            Height = 130 + (rows.Count * 34),
            XAxis = new() { Title = new("accuracy, %") },
            YAxis = new()
            {
                TickValues = [.. places.Select(place => place!.Value)],
                TickText = [.. rows.Select(row => PlotText.Short(row.Run.Name))],
                Range = [rows.Count - 0.4, -0.6],
                ShowGrid = false,
            },
        };
        return new("Published accuracy and ours, in per cent", new(traces, layout), Table(rows));
    }

    private static DataTable Table(IReadOnlyList<(RunRecord Run, PublishedComparison Comparison)> rows) => new(
        ["Run", "On", "Published, %", "Ours, %", "95 % interval", "Difference, points"],
        [.. rows.Select(row => (IReadOnlyList<string>)
        [
            row.Run.Name,
            row.Comparison.Part.Text(),
            Show.Percent(row.Comparison.Published),
            Show.Percent(row.Comparison.Ours?.Share),
            row.Comparison.Ours is { } ours ? $"{Show.Percent(ours.Low)} to {Show.Percent(ours.High)}" : Show.Nothing,
            Show.Points(row.Comparison.Difference),
        ])],
        TextColumns: 2);
}
