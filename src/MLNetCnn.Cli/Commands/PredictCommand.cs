using System.CommandLine;

using MLNetCnn.Cli.Console;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn predict</c>: names images with a model .zip.</summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The model .zip." };
    private static readonly Argument<string[]> Images = new("images") { Description = Predictions.Images, Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Top = CommonOptions.Whole("--top", "How many classes to show for each image.", 3, atLeast: 1);
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("predict", "Name images with a model .zip.") { Model, Images, Top, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var images = arguments.GetRequiredValue(Images);

        // Several images are named faster one on each core; a single one with all cores.
        var cores = Environment.ProcessorCount;
        var alone = images is [var only] && !Directory.Exists(only);
        using var model = Models.Load(arguments.GetRequiredValue(Model), new ImageModelOptions { Threads = alone ? cores : 1 });
        var top = Math.Min(arguments.GetValue(Top), model.Labels.Count);
        return Predictions.Run(images, path => model.Predict(path).Top(top), alone ? 1 : cores, screen);
    }
}
