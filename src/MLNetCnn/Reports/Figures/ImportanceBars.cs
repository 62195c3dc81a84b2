using MLNetCnn.AutoML;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Figures;

/// <summary>How much each parameter matters.</summary>
internal static class ImportanceBars
{
    public static Chart? Of(IReadOnlyList<ParameterImportance> importances)
    {
        if (importances.Count < 2)
        {
            return null;
        }

        return new(
            "How much of the differences between trials goes with each parameter",
            new(
                [
                    new BarTrace
                    {
                        X = [.. importances.Select(importance => (double?)importance.Share * 100)],
                        Y = [.. importances.Select((_, place) => (double?)place)],
                        Orientation = "h",
                        Marker = new(Ink.Ours),
                        HoverTemplate = "%{x:.1f} %<extra></extra>",
                    },
                ],
                new Layout
                {
                    Height = 110 + (importances.Count * 24),
                    ShowLegend = false,
                    XAxis = new() { Title = new("share of the variance, %"), RangeMode = "tozero" },
                    YAxis = new()
                    {
                        TickValues = [.. importances.Select((_, place) => (double)place)],
                        TickText = [.. importances.Select(importance => PlotText.End(importance.Name))],
                        Range = [importances.Count - 0.4, -0.6],
                        ShowGrid = false,
                    },
                }),
            new(["Parameter", "Share of the variance, %"], [.. importances.Select(importance => (IReadOnlyList<string>)[importance.Name, Show.Fixed(importance.Share * 100, 1)])]));
    }
}
