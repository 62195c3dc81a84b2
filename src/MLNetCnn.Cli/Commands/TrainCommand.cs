using System.CommandLine;

using MLNetCnn.Cli.Console;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn train</c>: one network on one dataset.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<int?> ImagesPerClass = CommonOptions.ImagesPerClass();
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<string> Output = CommonOptions.Output("artifacts/train");
    private static readonly Option<bool> Int8 = new("--int8") { Description = "Make the model in 8-bit integers too (model-int8.zip), and compare both." };
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("train", "Train a network and write model.zip, run.json and report.html.")
        {
            Dataset, ImagesPerClass, Device, Int8, Output, Mirror, Json,
        };
        foreach (var option in TrainerSettings.All)
        {
            command.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            return Train(arguments);
        }
        catch (ConfigurationException mistakes)
        {
            throw new ConfigurationException([.. mistakes.Problems.Select(problem => TrainerSettings.Typed(arguments, problem))]);
        }
    }

    private static int Train(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var folder = arguments.GetRequiredValue(Output);
        var shape = Datasets.Shape(arguments.GetRequiredValue(Dataset), out var unknown);
        var options = TrainerSettings.Read(arguments, shape, Device, arguments.GetRequiredValue(Mirror), out var asksForPrecision);
        ConfigurationException.ThrowIfAny([.. unknown, .. options.Problems(shape, TrainerSettings.AsTyped), .. Overwritten(options.InitialModel, folder)]);
        var asked = options.Precision;
        options = options.Applied();
        if (options.Precision != asked && asksForPrecision)
        {
            screen.Line("note: this device does not compute with bFloat16, float32 is used instead");
        }

        ConfigurationException.ThrowIfAny(TrainerSettings.Unused(arguments, options));
        if (RunStore.TryLoad(folder) is { Status: RunStatus.Completed } earlier)
        {
            screen.Line($"note: what this run leaves in {folder} replaces that of {earlier.Provenance.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm} ({earlier.Name}); --output names another folder");
        }

        Datasets.CheckOutside(folder, arguments.GetRequiredValue(Dataset));
        OutputFolder.Prepare(folder);
        using var cancellation = new Cancellation(screen);
        var plan = new RunPlan { Name = options.Arch, Options = options, Int8 = arguments.GetValue(Int8), Command = CommandLines.Current() };
        RunExecutor.Prepare(plan, shape!, new DataDisplay(screen), cancellation.Token);
        using var dataset = Datasets.Load(arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, load => load with
        {
            TrainImagesPerClass = arguments.GetValue(ImagesPerClass),
            Height = options.ImageHeight,
            Width = options.ImageWidth,
        }, cancellation.Token);
        if (dataset.Validation is not null && CommonOptions.IsTyped(arguments, "--validation"))
        {
            screen.Line("note: the dataset brings validation images of its own: --validation is not used");
        }

        var record = RunExecutor.Execute(plan, dataset, folder, new TrainingDisplay(screen, plan.Name), cancellation.Token);
        var report = Path.Combine(folder, RunStore.ReportFile);
        HtmlReport.Write(ReportModel.ForRun(record), report);
        RunTable.Print(screen, [record]);
        if (record.Quantization is { } quantization)
        {
            QuantizationTable.Print(screen, quantization);
        }

        screen.Line($"model   {Path.Combine(folder, RunStore.ModelFile)}");
        screen.Line($"report  {report}");
        screen.Answer(Answers.Run(record, folder, report));
        return record.Status == RunStatus.Cancelled ? ExitCodes.Cancelled : ExitCodes.Success;
    }

    // What a training goes on from is kept: the new model may be worse.
    private static IEnumerable<string> Overwritten(string? model, string folder)
    {
        if (model is not null && Path.GetFullPath(model) == Path.GetFullPath(Path.Combine(folder, RunStore.ModelFile)))
        {
            yield return $"--output is {folder}, where the model {model} is that training goes on from: give another folder, so that it is kept";
        }
    }
}
