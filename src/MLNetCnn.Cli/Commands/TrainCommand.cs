using System.CommandLine;

using MLNetCnn.Augmentation;
using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn train</c>: one network on one dataset.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<string> Arch = new("--arch") { Description = "The architecture (see 'inspect').", DefaultValueFactory = _ => "lenet-5" };
    private static readonly Option<FineTuning?> Mode = CommonOptions.Choice<FineTuning>("--mode", "What training may change; frozen by default where there are pretrained weights, and scratch elsewhere");
    private static readonly Option<string?> Weights = new("--weights") { Description = "The pretrained weights: a name ('weights list'), or a .safetensors or .pth file; by default the architecture's own.", HelpName = "NAME" };
    private static readonly Option<string?> UnfreezeFrom = new("--unfreeze-from") { Description = "With --mode partial: the stage or block from which on the backbone is trained; by default its last stage.", HelpName = "NAME" };
    private static readonly Option<int> HeadEpochs = CommonOptions.Whole("--head-epochs", "With --mode partial and full: epochs of the head alone before.", 10, atLeast: 0);
    private static readonly Option<int?> ImageSize = CommonOptions.ImageSize();
    private static readonly Option<int> Epochs = CommonOptions.Whole("--epochs", "The most passes over the training images.", 10);
    private static readonly Option<int> BatchSize = CommonOptions.Whole("--batch-size", "Images per optimizer step.", 64);
    private static readonly Option<OptimizerKind> Optimizer = CommonOptions.Choice("--optimizer", "The optimizer", OptimizerKind.Adam);
    private static readonly Option<double> LearningRate = CommonOptions.Number("--learning-rate", "The learning rate that the schedule starts from.", 0.001);
    private static readonly Option<LearningRateSchedule> Schedule = CommonOptions.Choice("--schedule", "How the learning rate moves", LearningRateSchedule.Constant);
    private static readonly Option<Precision> Arithmetic = CommonOptions.Choice("--precision", "The arithmetic of training", Precision.Float32);
    private static readonly Option<string?> Augment = new("--augment") { Description = CommonOptions.AugmentDescription, HelpName = "NAME" };
    private static readonly Option<double> Validation = CommonOptions.Number("--validation", "The share of the training images to validate on.", 0.1);
    private static readonly Option<int> Patience = CommonOptions.Whole("--patience", "Stop after so many epochs without a better validation accuracy; 0 for never.", 0, atLeast: 0);
    private static readonly Option<int> Seed = CommonOptions.Whole("--seed", "The seed of every random choice.", 0);
    private static readonly Option<int?> ImagesPerClass = CommonOptions.ImagesPerClass();
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<string> Output = CommonOptions.Output("artifacts/train");
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("train", "Train a network and write model.zip, run.json and report.html.")
        {
            Dataset, Arch, Mode, Weights, UnfreezeFrom, HeadEpochs, ImageSize, Epochs, BatchSize, Optimizer, LearningRate, Schedule, Arithmetic, Augment, Validation, Patience, Seed,
            ImagesPerClass, Device, Output, Mirror, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var folder = arguments.GetRequiredValue(Output);
        var options = TrainerOptions(arguments);
        var shape = Datasets.Shape(arguments.GetRequiredValue(Dataset), out var unknown);
        ConfigurationException.ThrowIfAny(unknown.Concat(options.Problems(shape, AsTyped)));
        options = options.Applied();
        OutputFolder.Prepare(folder);
        using var cancellation = new Cancellation(screen);
        using var dataset = Datasets.Load(arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, load => load with
        {
            TrainImagesPerClass = arguments.GetValue(ImagesPerClass),
            Seed = options.Seed,
            Height = options.ImageHeight,
            Width = options.ImageWidth,
        }, cancellation.Token);
        var plan = new RunPlan { Name = options.Arch, Options = options, Command = CommandLines.Current() };
        var record = RunExecutor.Execute(plan, dataset, folder, new TrainingDisplay(screen, plan.Name), cancellation.Token);
        var report = Path.Combine(folder, RunStore.ReportFile);
        HtmlReport.Write(ReportModel.ForRun(record), report);
        RunTable.Print(screen, [record]);
        screen.Line($"model   {Path.Combine(folder, RunStore.ModelFile)}");
        screen.Line($"report  {report}");
        screen.Answer(Answers.Run(record, folder, report));
        return record.Status == RunStatus.Cancelled ? ExitCodes.Cancelled : ExitCodes.Success;
    }

    private static string AsTyped(string setting) => setting switch
    {
        "fineTuning" => Mode.Name,
        "epoch" => Epochs.Name,
        "batchSize" => BatchSize.Name,
        "learningRate" => LearningRate.Name,
        "validationSetFraction" => Validation.Name,
        "device" => Device.Name,
        _ => setting,
    };

    private static ImageClassificationTrainer.Options TrainerOptions(ParseResult arguments) => new()
    {
        Arch = arguments.GetRequiredValue(Arch),
        FineTuning = arguments.GetValue(Mode),
        Transfer = new TransferSettings
        {
            Weights = arguments.GetValue(Weights),
            UnfreezeFrom = arguments.GetValue(UnfreezeFrom),
            HeadEpoch = arguments.GetValue(HeadEpochs),
        },
        ImageHeight = arguments.GetValue(ImageSize),
        ImageWidth = arguments.GetValue(ImageSize),
        Sources = new SourceOptions { Mirrors = arguments.GetRequiredValue(Mirror) },
        Epoch = arguments.GetValue(Epochs),
        BatchSize = arguments.GetValue(BatchSize),
        LearningRate = arguments.GetValue(LearningRate),
        Optimizer = new OptimizerSettings { Kind = arguments.GetValue(Optimizer) },
        Schedule = arguments.GetValue(Schedule),
        Precision = arguments.GetValue(Arithmetic),
        Augmentation = arguments.GetValue(Augment) is { } augmentation ? AugmentationCatalog.Load(augmentation) : null,
        ValidationSetFraction = arguments.GetValue(Validation),
        EarlyStoppingCriteria = arguments.GetValue(Patience) is var patience and > 0 ? new EarlyStopping { Patience = patience, MinDelta = 0 } : null,
        Seed = arguments.GetValue(Seed),
        Device = arguments.GetRequiredValue(Device),
    };
}
