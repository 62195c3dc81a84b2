using System.Text.Json;

using MLNetCnn.Data;

namespace MLNetCnn.Weights;

/// <summary>The names of classes, as a JSON list of texts beside the manifests. ImageNet's own list has names that stand in it twice.</summary>
internal static class LabelFile
{
    private const string Background = "background";

    /// <summary>Reads <c>{ "file": …, "background": … }</c>: TensorFlow's networks have a class for the background before all others.</summary>
    public static IReadOnlyList<string> Parse(StrictJson json, string folder)
    {
        var name = json.Text("file");
        var background = json.Flag("background", fallback: false);
        if (name.Length == 0)
        {
            return [];
        }

        try
        {
            var labels = JsonSerializer.Deserialize<List<string>>(File.ReadAllText(Path.GetFullPath(name, folder)));
            if (labels is { Count: > 0 } && labels.TrueForAll(label => !string.IsNullOrWhiteSpace(label)))
            {
                return background ? [Background, .. labels] : labels;
            }

            json.Problem("file", $"'{name}' is no list of class names");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            json.Problem("file", $"'{name}' cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }

        return [];
    }
}
