using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn evaluate</c>: a model .zip on a dataset's test images, through ONNX Runtime as a service would.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The model .zip." };
    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<bool> All = new("--all") { Description = "Measure on all images, not on the test images alone: of photos that no training has seen." };
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("evaluate", "Measure a model .zip on a dataset's test images.") { Model, Dataset, All, Mirror, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var path = arguments.GetRequiredValue(Model);
        using var model = Models.Load(path, new ImageModelOptions { Threads = Environment.ProcessorCount });
        using var dataset = Datasets.LoadFor(model.Metadata.Preprocessing, arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, CancellationToken.None);
        var all = arguments.GetValue(All);
        var images = (all ? dataset.All : dataset.Test) ?? throw new ConfigurationException($"{dataset.Name} has no test images: give --all to measure on all images");
        var labels = Models.LabelsOf(images, model.Labels, path);

        var clock = Stopwatch.StartNew();
        var probabilities = ModelScores.Of(model, images);
        var summary = ClassificationSummary.Of(labels, probabilities, model.Labels.Count);
        var seconds = clock.Elapsed.TotalSeconds;
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{summary.Count} {(all ? "" : "test ")}images{(all || dataset.All.Count == images.Count ? "" : $" of {dataset.All.Count}, the others were there to learn from (--all takes them too)")} in {seconds:0.0} s ({summary.Count / seconds:0} images/s)"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"accuracy {summary.MicroAccuracy:0.00%} (macro {summary.MacroAccuracy:0.00%}), top-{summary.TopK} {summary.TopKAccuracy:0.00%}, log-loss {summary.LogLoss:0.0000}"));
        screen.Answer(new JsonObject
        {
            [all ? "all" : "test"] = Answers.Metrics(summary),
            ["seconds"] = seconds,
            ["model"] = path,
            ["report"] = null,
        });
        return ExitCodes.Success;
    }
}
