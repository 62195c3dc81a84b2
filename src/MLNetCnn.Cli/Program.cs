using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

using Microsoft.Extensions.Options;

using MLNetCnn.Cli.Commands;
using MLNetCnn.Data;

namespace MLNetCnn.Cli;

/// <summary>The <c>mlnetcnn</c> command.</summary>
public static class Program
{
    private const string Name = "mlnetcnn";

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Main(string[] args)
    {
        var root = new Command(Name, "Image classification from your own photos: train, compare, and serve, in .NET.")
        {
            DataCommand.Create(),
            WeightsCommand.Create(),
            TrainCommand.Create(),
            SweepCommand.Create(),
            WorkerCommand.Create(),
            StudyCommand.Create(),
            EvaluateCommand.Create(),
            QuantizeCommand.Create(),
            PredictCommand.Create(),
            ReportCommand.Create(),
            ServeCommand.Create(),
            InspectCommand.Create(),
            DoctorCommand.Create(),
            new HelpOption(),
            new VersionOption(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Complain($"{string.Join('\n', Mistakes(parsed))}\nsee '{Usage(parsed.CommandResult)} --help'", ExitCodes.UserMistake);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            return Complain("stopped before anything was learnt: nothing was written", ExitCodes.Cancelled);
        }
        catch (Exception failure)
        {
            // Of what ran on several threads, the first failure is told as it would be without them.
            var exception = failure is AggregateException several ? several.Flatten().InnerExceptions[0] : failure;
            if (Environment.GetEnvironmentVariable("MLNETCNN_TRACE") is not null)
            {
                System.Console.Error.WriteLine(failure);
            }

            return Complain(exception.Message, IsUserMistake(exception) ? ExitCodes.UserMistake : ExitCodes.Failure);
        }
    }

    private static bool IsUserMistake(Exception exception) =>
        exception is ConfigurationException or OptionsValidationException or ManifestException or ArgumentException or FileNotFoundException or DirectoryNotFoundException;

    // A misspelt verb is an unrecognised word and makes the verb missing: only the first is worth saying.
    private static IEnumerable<string> Mistakes(ParseResult parsed) => parsed.UnmatchedTokens.Count == 0
        ? parsed.Errors.Select(error => error.Message)
        : parsed.Errors.Where(error => error.SymbolResult is not CommandResult).Select(error => error.Message).Concat(
            parsed.UnmatchedTokens.Select(token => $"'{token}' is no {(parsed.CommandResult.Command.Subcommands.Count > 0 ? "verb" : "option")} of '{Usage(parsed.CommandResult)}'"));

    private static int Complain(string message, int code)
    {
        foreach (var line in message.Split('\n'))
        {
            System.Console.Error.WriteLine($"{Name}: {line.TrimEnd()}");
        }

        return code;
    }

    private static string Usage(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Usage(parent)} {result.Command.Name}" : Name;
}
