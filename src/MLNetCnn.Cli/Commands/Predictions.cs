using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary>Names images, in the order given; one that cannot be read is said so and stops none of the others.</summary>
internal static class Predictions
{
    /// <summary>What is said of the images on the command line.</summary>
    public const string Images = "Image files, or folders: all images in them.";

    /// <summary>The images that are named: files as they are, and of folders what images they hold; at least one for each path.</summary>
    /// <param name="paths">Image files, and folders of images.</param>
    /// <param name="leftOut">What of the folders cannot be followed or opened.</param>
    public static string[] Files(string[] paths, out LeftOut leftOut)
    {
        var all = leftOut = new LeftOut();
        return [.. paths.SelectMany(path => ImagesAt(path, all))];
    }

    /// <summary>Names the images, prints each as soon as it and those before it are done, and tells the exit code.</summary>
    /// <param name="images">Their files, as <see cref="Files"/> gives them.</param>
    /// <param name="leftOut">What it left out, a failure each.</param>
    /// <param name="predict">Names one.</param>
    /// <param name="atOnce">How many are named at the same time, at least 1.</param>
    /// <param name="screen">Takes the answers.</param>
    public static int Run(string[] images, LeftOut leftOut, Func<string, IReadOnlyList<LabelProbability>> predict, int atOnce, Screen screen)
    {
        var answers = new JsonArray();
        var failures = leftOut.Count;
        foreach (var line in leftOut.Lines)
        {
            System.Console.Error.WriteLine($"mlnetcnn: {line}");
        }

        var named = Partitioner.Create(images, loadBalance: true).AsParallel().AsOrdered()
            .WithDegreeOfParallelism(atOnce).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(path => Name(path, predict));
        foreach (var (path, top, problem) in named)
        {
            if (problem is null)
            {
                screen.Line($"{path}  {string.Join("  ", top.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Label} {entry.Probability:0.0%}")))}");
                answers.Add(new JsonObject
                {
                    ["image"] = path,
                    ["label"] = top[0].Label,
                    ["probability"] = top[0].Probability,
                    ["top"] = new JsonArray([.. top.Select(entry => new JsonObject { ["label"] = entry.Label, ["probability"] = entry.Probability })]),
                });
            }
            else
            {
                failures++;
                System.Console.Error.WriteLine($"mlnetcnn: {problem}");
                answers.Add(new JsonObject { ["image"] = path, ["error"] = problem });
            }
        }

        screen.Answer(new JsonObject { ["predictions"] = answers, ["failures"] = failures });
        return failures == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    // A folder that can't be read, or has no images, stands for itself: it is a failure of its own.
    private static IReadOnlyList<string> ImagesAt(string path, LeftOut all)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                return [path];
            }

            var images = ImageFiles.Find(path, out var leftOut);
            all.Add(leftOut);
            return images.Count > 0 ? images : [path];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [path];
        }
    }

    private static (string Path, IReadOnlyList<LabelProbability> Top, string? Problem) Name(string path, Func<string, IReadOnlyList<LabelProbability>> predict)
    {
        try
        {
            return (path, predict(path), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (path, [], Problem(path, exception));
        }
    }

    private static string Problem(string path, Exception exception) =>
        path.Length == 0 ? "an empty path: give an image or a folder"
        : Directory.Exists(path) ? $"{path}: no image in this folder can be read ({ImageFiles.KnownEndings} are); check the path"
        : !File.Exists(path) ? $"{path}: there is no such file; check the path"
        : exception.Message;
}
