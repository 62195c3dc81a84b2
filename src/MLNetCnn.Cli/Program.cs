using System.CommandLine;
using System.CommandLine.Parsing;

using MLNetCnn.Cli.Commands;
using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli;

/// <summary>The <c>mlnetcnn</c> command.</summary>
public static class Program
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Main(string[] args)
    {
        var root = new RootCommand("Image classification from your own photos: train, compare, and serve, in .NET.")
        {
            DataCommand.Create(),
            TrainCommand.Create(),
            StudyCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            ReportCommand.Create(),
            InspectCommand.Create(),
            DoctorCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                System.Console.Error.WriteLine($"mlnetcnn: {error.Message}");
            }

            System.Console.Error.WriteLine($"mlnetcnn: see '{Usage(parsed.CommandResult)} --help'");
            return ExitCodes.UserMistake;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (IsUserMistake(exception))
        {
            return Complain(exception, ExitCodes.UserMistake);
        }
        catch (Exception exception)
        {
            return Complain(exception, ExitCodes.Failure);
        }
    }

    private static bool IsUserMistake(Exception exception) =>
        exception is ConfigurationException or DatasetException or ArgumentException or FileNotFoundException or DirectoryNotFoundException;

    private static int Complain(Exception exception, int code)
    {
        foreach (var line in exception.Message.Split('\n'))
        {
            System.Console.Error.WriteLine($"mlnetcnn: {line.TrimEnd()}");
        }

        if (Environment.GetEnvironmentVariable("MLNETCNN_TRACE") is not null)
        {
            System.Console.Error.WriteLine(exception);
        }

        return code;
    }

    private static string Usage(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Usage(parent)} {result.Command.Name}" : "mlnetcnn";
}
