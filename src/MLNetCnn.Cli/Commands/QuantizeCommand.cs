using System.CommandLine;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Export.Quantization;
using MLNetCnn.Inference;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn quantize</c>: a model .zip in 8-bit integers, and what that costs and gains on this machine.</summary>
internal static class QuantizeCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The model .zip." };
    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; by default model-int8.zip beside the model.", HelpName = "MODEL.ZIP" };
    private static readonly Option<int> Images = CommonOptions.Whole("--images", "On how many training images the ranges of the activations are measured.", new QuantizationOptions().Images, atLeast: 1);
    private static readonly Option<double> Coverage = CommonOptions.Number("--coverage", "The share of these images whose activations are covered in full; below 1, a few extreme ones are clipped.", new QuantizationOptions().Coverage);
    private static readonly Option<double> MaxLoss = CommonOptions.Number("--max-loss", "The most accuracy that may be lost for speed, in percentage points.", 100 * QuantizedModel.DefaultMaxLoss);
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("quantize", "Make an 8-bit model of a model .zip, and measure what it costs and gains.") { Model, Dataset, Output, Images, Coverage, MaxLoss, Mirror, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var path = arguments.GetRequiredValue(Model);
        var output = arguments.GetValue(Output) ?? Path.Combine(Path.GetDirectoryName(path) ?? "", RunStore.Int8ModelFile);
        var (input, labels) = Describe(path);
        ConfigurationException.ThrowIfAny(Problems(arguments, path, output));
        OutputFolder.PrepareFor(output);
        using var cancellation = new Cancellation(screen);
        using var dataset = Datasets.LoadFor(input, arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, cancellation.Token);
        var (images, part) = dataset switch
        {
            { Test: { } test } => (test, DatasetSplit.Test),
            { Validation: { } validation } => (validation, DatasetSplit.Validation),
            _ => throw new ConfigurationException($"{dataset.Name} has no test and no validation images: quantize needs some to measure both models on"),
        };
        Models.CheckLabels(labels, images, path);
        var options = new QuantizationOptions { Images = arguments.GetValue(Images), Coverage = arguments.GetValue(Coverage) };
        var summary = QuantizedModel.Write(path, output, dataset.Train, images, part, options, arguments.GetValue(MaxLoss) / 100, cancellation.Token);
        QuantizationTable.Print(screen, summary);
        screen.Line($"model   {output}");
        screen.Answer(QuantizationTable.Json(summary, output));
        return ExitCodes.Success;
    }

    private static IEnumerable<string> Problems(ParseResult arguments, string path, string output)
    {
        if (Path.GetFullPath(path) == Path.GetFullPath(output))
        {
            yield return $"--output is {output}, the model itself: give another file, so that the float model is kept";
        }

        if (arguments.GetValue(Coverage) is not (> 0 and <= 1) and var coverage)
        {
            yield return FormattableString.Invariant($"--coverage is {coverage}: give a share above 0 and at most 1, such as 0.99");
        }

        if (arguments.GetValue(MaxLoss) is not (>= 0 and <= 100) and var loss)
        {
            yield return FormattableString.Invariant($"--max-loss is {loss}: give percentage points from 0 to 100, such as 0.5");
        }
    }

    // Before a dataset is loaded: whether the model can be read at all, and is none that was quantized.
    private static (ImagePreprocessing Input, IReadOnlyList<string> Labels) Describe(string path)
    {
        using var model = Models.Load(path);
        return model.Metadata.Quantization is null
            ? (model.Metadata.Preprocessing, model.Labels)
            : throw new ConfigurationException($"{path}: the model is quantized already: give the float model that it was made of");
    }
}
