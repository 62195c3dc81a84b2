using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>What models in 8-bit integers cost and gain; empty where none was made.</summary>
internal sealed class QuantizationSection : ISection
{
    public string Id => "int8";

    public string Title => "int8";

    public Html Render(ReportModel model)
    {
        var runs = model.Runs.Where(run => run.Quantization is not null).ToArray();
        return runs.Length == 0 ? Html.Empty : Html.Of($"""
            {runs.Select(run => Sentence(run, run.Quantization!))}
            {Parts.Table(new(
                ["Model", "Accuracy", "Log-loss", "model.onnx", "File", "Latency p50", "p95"],
                [.. runs.SelectMany(run => new[] { Row(run.Name, run.Quantization!.Float), Row($"{run.Name}, int8", run.Quantization.Int8) })],
                TextColumns: 1))}
            """);
    }

    private static Html Sentence(RunRecord run, QuantizationSummary summary) => Html.Of($"""
        <p><bdi>{run.Name}</bdi>: {summary.Verdict} On {Show.Plural(summary.Images, $"{summary.Part.ToString().ToLowerInvariant()} image")} both give {Show.Percent(summary.SameAnswers)} % the same answers; the ranges of the activations were measured on {Show.Plural(summary.CalibrationImages, "training image")}.</p>
        """);

    private static IReadOnlyList<string> Row(string name, QuantizedFigures figures) =>
    [
        name,
        Show.Percent(figures.Accuracy) + " %",
        Show.Fixed(figures.LogLoss, 4),
        Show.Bytes(figures.GraphBytes),
        Show.Bytes(figures.FileBytes),
        Show.Fixed(figures.P50Milliseconds, 2) + " ms",
        Show.Fixed(figures.P95Milliseconds, 2) + " ms",
    ];
}
