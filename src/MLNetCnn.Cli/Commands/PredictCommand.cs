using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Imaging;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn predict</c>: names images with a model .zip.</summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = new("model") { Description = "The model .zip." };
    private static readonly Argument<string[]> Images = new("images") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
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
        using var model = Models.Load(arguments.GetRequiredValue(Model));
        var answers = new JsonArray();
        var failures = 0;
        foreach (var path in arguments.GetRequiredValue(Images))
        {
            try
            {
                var top = model.Predict(path).Top(Math.Min(arguments.GetValue(Top), model.Labels.Count));
                screen.Line($"{path}  {string.Join("  ", top.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Label} {entry.Probability:0.0%}")))}");
                answers.Add(new JsonObject
                {
                    ["image"] = path,
                    ["label"] = top[0].Label,
                    ["probability"] = top[0].Probability,
                    ["top"] = new JsonArray([.. top.Select(entry => new JsonObject { ["label"] = entry.Label, ["probability"] = entry.Probability })]),
                });
            }
            catch (Exception exception) when (exception is ImageFormatException or IOException or UnauthorizedAccessException)
            {
                failures++;
                var problem = Problem(path, exception);
                System.Console.Error.WriteLine($"mlnetcnn: {problem}");
                answers.Add(new JsonObject { ["image"] = path, ["error"] = problem });
            }
        }

        screen.Answer(new JsonObject { ["predictions"] = answers, ["failures"] = failures });
        return failures == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Problem(string path, Exception exception) =>
        Directory.Exists(path) ? $"{path}: is a folder; give its image files"
        : !File.Exists(path) ? $"{path}: there is no such file; check the path"
        : exception.Message;
}
