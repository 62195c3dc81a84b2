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
                        X = [.. importances.Select((_, place) => (double?)place)],
                        Y = [.. importances.Select(importance => (double?)importance.Share * 100)],
                        Marker = new(Ink.Ours),
                        HoverTemplate = "%{y:.1f} %<extra></extra>",
                    },
                ],
                new Layout
                {
                    Height = 360,
                    ShowLegend = false,
                    XAxis = new() { TickValues = [.. importances.Select((_, place) => (double)place)], TickText = [.. importances.Select(importance => PlotText.Short(importance.Name))], TickAngle = -35 },
                    YAxis = new() { Title = new("share of the variance, %"), RangeMode = "tozero" },
                }),
            new(["Parameter", "Share of the variance, %"], [.. importances.Select(importance => (IReadOnlyList<string>)[importance.Name, Show.Fixed(importance.Share * 100, 1)])]));
    }
}
