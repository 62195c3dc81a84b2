using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary>What verbs answer with <c>--json</c>.</summary>
internal static class Answers
{
    public static JsonObject Run(RunRecord record, string folder, string report) => new()
    {
        ["name"] = record.Name,
        ["status"] = record.Status.ToString(),
        ["reason"] = record.Reason,
        ["parameters"] = record.ParameterCount,
        ["train"] = Metrics(record.Train),
        ["validation"] = Metrics(record.Validation),
        ["test"] = Metrics(record.Test),
        ["seed"] = record.Seed,
        ["seeds"] = Seeds(record),
        ["published"] = Published(record),
        ["seconds"] = record.Seconds,
        ["peakMemoryBytes"] = record.PeakMemoryBytes,
        ["model"] = record.ModelFile is null ? null : Path.Combine(folder, record.ModelFile),
        ["quantization"] = record.Quantization is { } int8 ? QuantizationTable.Json(int8, Path.Combine(folder, int8.ModelFile)) : null,
        ["report"] = report,
    };

    // The figures of train, validation and test are those of one seed; these are over all.
    private static JsonObject? Seeds(RunRecord record) => record.Seeds.Count == 0 ? null : new()
    {
        ["train"] = Spread(record.Accuracy(DatasetSplit.Train)),
        ["validation"] = Spread(record.Accuracy(DatasetSplit.Validation)),
        ["test"] = Spread(record.Accuracy(DatasetSplit.Test)),
        ["each"] = new JsonArray([.. record.Seeds.Select(seed => new JsonObject
        {
            ["seed"] = seed.Seed,
            ["status"] = seed.Status.ToString(),
            ["train"] = seed.Train,
            ["validation"] = seed.Validation,
            ["test"] = seed.Test,
        })]),
    };

    private static JsonObject? Spread(RunAccuracy? accuracy) => accuracy is null ? null : new()
    {
        ["mean"] = accuracy.Mean,
        ["lowest"] = accuracy.Lowest,
        ["highest"] = accuracy.Highest,
    };

    private static JsonObject? Published(RunRecord record) => PublishedComparison.Of(record) is not { } compared ? null : new()
    {
        ["part"] = compared.Part.ToString().ToLowerInvariant(),
        ["accuracy"] = compared.Published,
        ["difference"] = compared.Difference,
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
