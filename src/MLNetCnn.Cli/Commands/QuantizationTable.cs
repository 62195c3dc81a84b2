using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Runs;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary>Shows a float model and its 8-bit one side by side.</summary>
internal static class QuantizationTable
{
    public static void Print(Screen screen, QuantizationSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(Right("float")).AddColumn(Right("int8")).AddColumn(Right("int8 : float"));
        var (whole, int8) = (summary.Float, summary.Int8);
        Row($"{summary.Part.ToString().ToLowerInvariant()} accuracy, %", 100 * whole.Accuracy, 100 * int8.Accuracy, "0.00", (one, other) => Text($"{one - other:+0.00;−0.00;0.00}"));
        Row("log-loss", whole.LogLoss, int8.LogLoss, "0.0000", (one, other) => Text($"{one - other:+0.0000;−0.0000;0.0000}"));
        Row("model.onnx, kB", whole.GraphBytes / 1e3, int8.GraphBytes / 1e3, "0.0", Ratio);
        Row(".zip, kB", whole.FileBytes / 1e3, int8.FileBytes / 1e3, "0.0", Ratio);
        Row("latency p50, ms", whole.P50Milliseconds, int8.P50Milliseconds, "0.00", Ratio);
        Row("latency p95, ms", whole.P95Milliseconds, int8.P95Milliseconds, "0.00", Ratio);
        screen.Out.Write(table);
        screen.Line(Text($"of {summary.Images} {summary.Part.ToString().ToLowerInvariant()} images, both name {summary.SameAnswers:0.00%} alike; activations measured on {summary.CalibrationImages} training images; one thread"));
        screen.Line(summary.Verdict);

        void Row(string name, double one, double other, string format, Func<double, double, string> compare) =>
            table.AddRow(name, one.ToString(format, CultureInfo.InvariantCulture), other.ToString(format, CultureInfo.InvariantCulture), compare(other, one));
    }

    public static JsonObject Json(QuantizationSummary summary, string model) => new()
    {
        ["part"] = summary.Part.ToString().ToLowerInvariant(),
        ["images"] = summary.Images,
        ["calibrationImages"] = summary.CalibrationImages,
        ["float"] = Json(summary.Float),
        ["int8"] = Json(summary.Int8),
        ["sameAnswers"] = summary.SameAnswers,
        ["wins"] = summary.Wins,
        ["verdict"] = summary.Verdict,
        ["model"] = model,
    };

    private static JsonObject Json(QuantizedFigures figures) => new()
    {
        ["microAccuracy"] = figures.Accuracy,
        ["logLoss"] = figures.LogLoss,
        ["graphBytes"] = figures.GraphBytes,
        ["fileBytes"] = figures.FileBytes,
        ["p50Milliseconds"] = figures.P50Milliseconds,
        ["p95Milliseconds"] = figures.P95Milliseconds,
    };

    private static string Ratio(double one, double other) => Text($"{one / other:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();
}
