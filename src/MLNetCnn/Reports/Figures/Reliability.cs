using MLNetCnn.Evaluation;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>Accuracy against confidence, before and after temperature scaling; on the diagonal a model is as right as it says.</summary>
internal static class Reliability
{
    public static Chart Of(RunRecord run, CalibrationSummary calibration)
    {
        Trace[] traces =
        [
            new ScatterTrace { Name = "as sure as right", X = [0, 100], Y = [0, 100], Mode = "lines", Line = new(Ink.Faint, 1.5, "dot"), HoverInfo = "skip" },
            Points("before", calibration.Before, new(Ink.Quiet, 2, "dash"), new(Ink.Quiet, 7)),
            Points("after", calibration.After, new(Ink.Ours), new(Ink.Ours, 8)),
        ];
        var layout = new Layout
        {
            Height = 380,
            XAxis = new() { Title = new("confidence, %"), Range = [0, 102] },
            YAxis = new() { Title = new("test accuracy, %"), Range = [0, 102] },
        };
        return new($"Confidence and accuracy of {run.Name}", new(traces, layout), new(
            ["Confidence, %", "Images before", "Right before, %", "Images after", "Right after, %"],
            [.. calibration.Before.Bins.Zip(calibration.After.Bins).Where(bins => bins.First.Count + bins.Second.Count > 0).Select(bins => (IReadOnlyList<string>)
            [
                $"{Show.Fixed(bins.First.From * 100, 0)} to {Show.Fixed(bins.First.To * 100, 0)}",
                Show.Count(bins.First.Count), Right(bins.First), Show.Count(bins.Second.Count), Right(bins.Second),
            ])]));
    }

    private static string Right(CalibrationBin bin) => bin.Count == 0 ? Show.Nothing : Show.Percent(bin.Accuracy);

    private static ScatterTrace Points(string name, CalibrationError error, Line line, Marker marker)
    {
        var bins = error.Bins.Where(bin => bin.Count > 0).ToArray();
        return new()
        {
            Name = name,
            X = [.. bins.Select(bin => (double?)bin.Confidence * 100)],
            Y = [.. bins.Select(bin => (double?)bin.Accuracy * 100)],
            HoverText = [.. bins.Select(bin => new PlotText(Show.Plural(bin.Count, "image")))],
            Mode = "lines+markers",
            Line = line,
            Marker = marker,
            HoverTemplate = $"{name}: %{{y:.1f}} % right at %{{x:.1f}} % confidence, %{{hovertext}}<extra></extra>",
        };
    }
}
