namespace MLNetCnn.Inference;

/// <summary>A model .zip that can't be used. The message is one line: the file, what is wrong with it, the rule, the way out.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>A fault whose whole line is <paramref name="message"/>.</summary>
    public ModelFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The line <c>{file}: {problem}. {remedy}</c>, with names taken from the file made safe to print.</summary>
    internal static ModelFormatException For(string file, string problem, string remedy = Refetch, Exception? innerException = null) =>
        new($"{file}: {Printable(problem)}. {remedy}", innerException);

    internal const string Refetch = "Copy or download the file again, or write it again with ModelPackage.Save.";

    // A hostile entry name may hold line ends or terminal escapes.
    private static string Printable(string text) =>
        string.Create(Math.Min(text.Length, 500), text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        });
}
