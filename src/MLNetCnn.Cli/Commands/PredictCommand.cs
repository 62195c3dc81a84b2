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
        var command = new Command("predict", "Classify images with a model .zip.") { Model, Images, Top, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var images = Predictions.Files(arguments.GetRequiredValue(Images), out var leftOut);

        // An image on each core is faster than an image on all of them: only cores that would be idle help with one.
        var atOnce = Math.Min(images.Length, Environment.ProcessorCount);
        using var model = Models.Load(arguments.GetRequiredValue(Model), new ImageModelOptions { Threads = Environment.ProcessorCount / atOnce });
        var top = Math.Min(arguments.GetValue(Top), model.Labels.Count);
        return Predictions.Run(images, leftOut, path => model.Predict(path).Top(top), atOnce, screen);
    }
}
