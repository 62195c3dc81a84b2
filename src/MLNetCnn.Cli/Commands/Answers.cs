using System.Text.Json.Nodes;

using MLNetCnn.Evaluation;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary>What verbs answer with <c>--json</c>.</summary>
internal static class Answers
{
    public static JsonObject Run(RunRecord record, string folder, string report) => new()
    {
        ["name"] = record.Name,
        ["status"] = record.Status.ToString(),
        ["parameters"] = record.ParameterCount,
        ["train"] = Metrics(record.Train),
        ["validation"] = Metrics(record.Validation),
        ["test"] = Metrics(record.Test),
        ["seconds"] = record.Seconds,
        ["peakMemoryBytes"] = record.PeakMemoryBytes,
        ["model"] = record.ModelFile is null ? null : Path.Combine(folder, record.ModelFile),
        ["report"] = report,
    };

    public static JsonObject? Metrics(ClassificationSummary? summary) => summary is null ? null : new()
    {
        ["count"] = summary.Count,
        ["microAccuracy"] = summary.MicroAccuracy,
        ["macroAccuracy"] = summary.MacroAccuracy,
        ["macroF1"] = summary.MacroF1,
        ["logLoss"] = summary.LogLoss,
        ["logLossReduction"] = summary.LogLossReduction,
        ["topK"] = summary.TopK,
        ["topKAccuracy"] = summary.TopKAccuracy,
    };
}
