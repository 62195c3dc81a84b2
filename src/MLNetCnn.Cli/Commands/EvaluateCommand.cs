using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn evaluate</c>: a model .zip on a dataset's test images, through ONNX Runtime as a service would.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The model .zip." };
    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("evaluate", "Measure a model .zip on a dataset's test images.") { Model, Dataset, Mirror, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var path = arguments.GetRequiredValue(Model);
        using var model = Models.Load(path, new ImageModelOptions { Threads = Environment.ProcessorCount });
        using var dataset = Datasets.Load(arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, load => load with { Channels = model.Metadata.Preprocessing.Channels }, CancellationToken.None);
        var images = dataset.Test ?? throw new ConfigurationException($"{dataset.Name} has no test images: evaluate needs some");
        CheckLabels(model, images, path);

        var clock = Stopwatch.StartNew();
        var probabilities = Score(model, images);
        var summary = ClassificationEvaluator.Evaluate(images.Labels, probabilities, model.Labels.Count, Math.Min(5, model.Labels.Count)).Summarize();
        var seconds = clock.Elapsed.TotalSeconds;
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{summary.Count} test images in {seconds:0.0} s ({summary.Count / seconds:0} images/s)"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"accuracy {summary.MicroAccuracy:0.00%} (macro {summary.MacroAccuracy:0.00%}), top-{summary.TopK} {summary.TopKAccuracy:0.00%}, log-loss {summary.LogLoss:0.0000}"));
        screen.Answer(new JsonObject
        {
            ["test"] = Answers.Metrics(summary),
            ["seconds"] = seconds,
            ["model"] = path,
            ["report"] = null,
        });
        return ExitCodes.Success;
    }

    private static float[] Score(ImageModel model, ImageSet images)
    {
        const int Batch = 64;
        var classes = model.Labels.Count;
        var size = images.Height * images.Width * images.Channels;
        var batch = new byte[Batch * size];
        var scores = new float[images.Count * classes];
        for (var start = 0; start < images.Count; start += Batch)
        {
            var count = Math.Min(Batch, images.Count - start);
            images.Gather([.. Enumerable.Range(start, count)], batch);
            model.Score(batch.AsSpan(0, count * size), count, images.Height, images.Width, scores.AsSpan(start * classes, count * classes));
        }

        return scores;
    }

    private static void CheckLabels(ImageModel model, ImageSet images, string path)
    {
        if (!model.Labels.SequenceEqual(images.ClassNames))
        {
            throw new ConfigurationException(
                $"{path} knows the classes {string.Join(", ", model.Labels.Take(5))}…, the dataset has {string.Join(", ", images.ClassNames.Take(5))}…: evaluate on the classes that the model was trained on, in their order");
        }
    }
}
