namespace MLNetCnn.Cli.Commands;

/// <summary>The command line as a user would type it again.</summary>
internal static class CommandLines
{
    public static string Current() => string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Quoted).Prepend("mlnetcnn"));

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(character => char.IsLetterOrDigit(character) || "-_./:=,+@%".Contains(character, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
