using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary>Names images one after the other; one that cannot be read is said so and stops none of the others.</summary>
internal static class Predictions
{
    public static int Run(string[] images, Func<string, IReadOnlyList<LabelProbability>> predict, Screen screen)
    {
        var answers = new JsonArray();
        var failures = 0;
        foreach (var path in images)
        {
            try
            {
                var top = predict(path);
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
