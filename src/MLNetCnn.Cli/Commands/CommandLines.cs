using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary>The command line as a user would type it again.</summary>
internal static class CommandLines
{
    public static string Current() => ShellWords.Join(Environment.GetCommandLineArgs().Skip(1).Prepend("mlnetcnn"));
}
