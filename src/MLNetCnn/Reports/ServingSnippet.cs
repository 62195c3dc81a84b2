namespace MLNetCnn.Reports;

/// <summary>The few lines of C# that answer with a model file in another program, on MLNetCnn.Inference alone.</summary>
internal static class ServingSnippet
{
    public static string For(string modelFile) => $$"""
        using MLNetCnn.Inference;

        using var model = ImageModel.Load("{{modelFile.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}");
        var answer = model.Predict("photo.png");
        Console.WriteLine($"{answer.Label} ({answer.Probability:P1})");
        """;
}
