using System.Globalization;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>Images per class, stacked by split.</summary>
internal static class ClassCounts
{
    public static Chart Of(DatasetSummary data)
    {
        (string Name, IReadOnlyList<int> Counts, string Colour)[] splits =
        [
            ("training", data.TrainCounts, "var(--series-1)"),
            ("validation", data.ValidationCounts, "var(--series-3)"),
            ("test", data.TestCounts, "var(--series-2)"),
        ];
        var present = splits.Where(split => split.Counts.Count > 0).ToArray();
        var places = Enumerable.Range(0, data.Classes.Count).ToArray();
        var traces = present.Select(split => new BarTrace
        {
            Name = split.Name,
            X = [.. places.Select(place => (double?)place)],
            Y = [.. split.Counts.Select(count => (double?)count)],
            Marker = new(split.Colour),
            HoverTemplate = "%{x}: %{y:,} images",
        });
        var layout = new Layout
        {
            Height = 340,
            BarMode = "stack",
            XAxis = new()
            {
                TickValues = [.. places.Select(place => (double)place)],
                TickText = [.. data.Classes.Select(PlotText.Short)],
                TickAngle = data.Classes.Count > 6 ? -45 : null,
                ShowGrid = false,
            },
            YAxis = new() { Title = new("images"), TickFormat = "," },
        };
        return new(
            $"Images per class of {data.Name}",
            new([.. traces], layout),
            new(
                ["Class", .. present.Select(split => split.Name)],
                [.. places.Select(i => (IReadOnlyList<string>)
                [
                    data.Classes[i],
                    .. present.Select(split => i < split.Counts.Count ? split.Counts[i].ToString("N0", CultureInfo.InvariantCulture) : "0"),
                ])]));
    }
}
