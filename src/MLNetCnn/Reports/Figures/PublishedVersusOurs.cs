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
        var repeated = ours.Any(accuracy => accuracy is { IsMean: true });
        List<Trace> traces =
        [
            new ScatterTrace
            {
                X = [.. rows.SelectMany(row => new[] { row.Comparison.Published * 100, row.Comparison.Ours?.Mean * 100, null })],
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
                Name = repeated ? "ours, mean and 95 % interval" : "ours, 95 % interval",
                X = [.. ours.Select(accuracy => accuracy?.Mean * 100)],
                Y = places,
                Mode = "markers",
                Marker = new(Ink.Ours, 9),
                ErrorX = new(
                    [.. ours.Select(accuracy => (accuracy?.Interval.Upper - accuracy?.Mean) * 100)],
                    [.. ours.Select(accuracy => (accuracy?.Mean - accuracy?.Interval.Lower) * 100)],
                    Ink.Ours),
                HoverTemplate = "%{y}: %{x:.2f} %",
            },
        ];
        if (repeated)
        {
            traces.Add(new ScatterTrace
            {
                Name = "ours, each seed",
                X = [.. ours.SelectMany(accuracy => accuracy?.BySeed.Select(share => (double?)share * 100) ?? [])],
                Y = [.. ours.Index().SelectMany(row => row.Item?.BySeed.Select(_ => (double?)row.Index) ?? [])],
                Mode = "markers",
                Marker = new(Ink.Ours, 9, "line-ns-open"),
                HoverTemplate = "%{y}: %{x:.2f} %",
            });
        }

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
        return new("Published accuracy and ours, in per cent", new(traces, layout), Table(rows, repeated));
    }

    private static DataTable Table(IReadOnlyList<(RunRecord Run, PublishedComparison Comparison)> rows, bool repeated) => new(
        ["Run", "On", "Published, %", "Ours, %", "95 % interval", .. repeated ? ["Over the seeds"] : Array.Empty<string>(), "Difference, points"],
        [.. rows.Select(row => (IReadOnlyList<string>)
        [
            row.Run.Name,
            row.Comparison.Part.Text(),
            Show.Percent(row.Comparison.Published),
            Show.Percent(row.Comparison.Ours?.Mean),
            row.Comparison.Ours is { Interval: var interval } ? $"{Show.Percent(interval.Lower)} to {Show.Percent(interval.Upper)}" : Show.Nothing,
            .. repeated ? [row.Comparison.Ours is { IsMean: true } ours ? ours.Range() : Show.Nothing] : Array.Empty<string>(),
            Show.Points(row.Comparison.Difference),
        ])],
        TextColumns: 2);
}
