using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;
using MLNetCnn.Transfer;
using MLNetCnn.Weights;

namespace MLNetCnn.Cli.Commands;

/// <summary>The trainer's settings as a command line gives them: a file's, and over them those that are typed.</summary>
internal static class TrainerSettings
{
    // Photos have much in common with those that pretrained weights come from; small or grey pictures have little.
    private const string ForPhotos = "resnet-50";
    private const string ForSmallImages = "lenet-5";
    private const int LeastPhotoPixels = 64;

    // A head on features that are there already learns in seconds, and not in 10 epochs.
    private const int FrozenEpochs = 100;

    private static readonly Option<FileInfo?> Settings = new("--settings") { Description = "A JSON file of trainer settings, as a study's 'training' has them; what is typed goes over it.", HelpName = "FILE" };
    private static readonly Option<string?> Arch = new("--arch") { Description = $"The architecture (see 'inspect'); by default {ForPhotos}, and {ForSmallImages} where a manifest says that images are grey, or where they are to be smaller than {LeastPhotoPixels} pixels.", HelpName = "NAME" };
    private static readonly Option<FineTuning?> Mode = CommonOptions.Choice<FineTuning>("--mode", "What training may change; frozen by default where there are pretrained weights, and scratch elsewhere");
    private static readonly Option<string?> Weights = new("--weights") { Description = "The pretrained weights: a name ('weights list'), or a .safetensors or .pth file; by default the architecture's own.", HelpName = "NAME" };
    private static readonly Option<string?> From = new("--from") { Description = "A model .zip to continue training from, on new images or for other classes.", HelpName = "MODEL.ZIP" };
    private static readonly Option<string?> UnfreezeFrom = new("--unfreeze-from") { Description = "With --mode partial: the stage or block from which on the backbone is trained; by default its last stage.", HelpName = "NAME" };
    private static readonly Option<int?> UnfreezeLayers = CommonOptions.Count("--unfreeze-layers", "With --mode partial, in the place of --unfreeze-from: how many of the last layers with weights are trained, rounded up to whole blocks.");
    private static readonly Option<int> HeadEpochs = CommonOptions.Whole("--head-epochs", "With --mode partial and full: epochs of the head alone before.", 10, atLeast: 0);
    private static readonly Option<double> Dropout = CommonOptions.Number("--dropout", "With pretrained weights: the fraction of the last layer's inputs that training drops, in [0, 1).", 0);
    private static readonly Option<int?> ImageSize = CommonOptions.ImageSize();
    private static readonly Option<int> Epochs = CommonOptions.Whole("--epochs", $"Maximum number of passes over the training images; {FrozenEpochs} by default with --mode frozen, where features are kept and an epoch takes moments.", 10);
    private static readonly Option<int> BatchSize = CommonOptions.Whole("--batch-size", "Images per optimizer step; 32 by default with --mode partial and full.", 64);
    private static readonly Option<OptimizerKind> Optimizer = CommonOptions.Choice("--optimizer", "The optimizer, adamW by default with --mode partial and full", OptimizerKind.Adam);
    private static readonly Option<double> LearningRate = CommonOptions.Number("--learning-rate", "The learning rate that the schedule starts from; 1e-4 by default with --mode partial and full.", 0.001);
    private static readonly Option<bool> FindLearningRate = new("--find-learning-rate") { Description = "Try learning rates from 1e-6 to 1 first and take the one at which the loss falls fastest; the report has the plot." };
    private static readonly Option<LearningRateSchedule> Schedule = CommonOptions.Choice("--schedule", "The learning-rate schedule, cosine by default with --mode partial and full", LearningRateSchedule.Constant);
    private static readonly Option<double> WeightDecay = CommonOptions.Number("--weight-decay", "Decay of the convolution and dense weights; 0.01 by default with --mode partial and full.", 0);
    private static readonly Option<double> LabelSmoothing = CommonOptions.Number("--label-smoothing", "The fraction of the target probability that is spread over all classes, in [0, 1).", 0);
    private static readonly Option<Precision> Arithmetic = CommonOptions.Choice("--precision", "The numeric precision of training, bFloat16 with --mode partial and full where the device computes with it", Precision.Float32);
    private static readonly Option<string?> Augment = new("--augment") { Description = CommonOptions.AugmentDescription, HelpName = "NAME" };
    private static readonly Option<double> Validation = CommonOptions.Number("--validation", "The fraction of the training images to validate on, in [0, 1).", 0.1);
    private static readonly Option<int> Patience = CommonOptions.Whole("--patience", "Stop after so many epochs without a better validation accuracy; 0 for never.", 0, atLeast: 0);
    private static readonly Option<int> Seed = CommonOptions.Whole("--seed", "The seed of the training: weights, order, augmentation, validation part. Test images that a dataset lacks are held out as its manifest says.", 0);

    // Where a typed value stands in the settings.
    private static readonly (Option Option, string[] Paths, Func<ParseResult, JsonNode?> Value)[] Places =
    [
        Place(Arch, "arch"), Place(Mode, "fineTuning"), Place(Weights, "transfer.weights"), Place(From, "initialModel"), Place(UnfreezeFrom, "transfer.unfreezeFrom"), Place(UnfreezeLayers, "transfer.unfreezeLayers"),
        (Augment, ["augmentation"], typed => typed.GetValue(Augment) is { } name ? Node(AugmentationCatalog.Load(name)) : null),
        Place(HeadEpochs, "transfer.headEpoch"), Place(Dropout, "transfer.head.dropout"), Place(ImageSize, "imageHeight", "imageWidth"),
        Place(Epochs, "epoch"), Place(BatchSize, "batchSize"), Place(Optimizer, "optimizer.kind"), Place(WeightDecay, "optimizer.weightDecay"),
        Place(LearningRate, "learningRate"), Place(FindLearningRate, "findLearningRate"), Place(Schedule, "schedule"), Place(LabelSmoothing, "labelSmoothing"), Place(Arithmetic, "precision"),
        Place(Validation, "validationSetFraction"), Place(Seed, "seed"),
        (Patience, ["earlyStoppingCriteria"], typed => typed.GetValue(Patience) is var patience and > 0 ? Node(new EarlyStopping { Patience = patience, MinDelta = 0 }) : null),
    ];

    // What stands in the place of a new network's defaults where pretrained weights are fine-tuned.
    private static readonly Option[] FineTuned = [BatchSize, Optimizer, WeightDecay, LearningRate, Schedule, Arithmetic];

    /// <summary>The options of the command line.</summary>
    public static IEnumerable<Option> All => [Settings, .. Places.Select(place => place.Option)];

    /// <summary>The settings.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="images">The dataset's own images; null where that is not known.</param>
    /// <param name="device">The option of the device.</param>
    /// <param name="mirrors">Where weights are looked for.</param>
    /// <param name="asksForPrecision">Whether the numeric precision was asked for, on the command line or in the file.</param>
    /// <exception cref="ConfigurationException">The file cannot be read as settings.</exception>
    public static ImageClassificationTrainer.Options Read(ParseResult arguments, ImageShape? images, Option<string> device, string[] mirrors, out bool asksForPrecision)
    {
        var file = arguments.GetValue(Settings);
        var settings = file is null ? [] : ReadFile(file);
        asksForPrecision = CommonOptions.IsTyped(arguments, Arithmetic.Name) || settings.ContainsKey("precision");
        var (continuesHead, model) = (false, arguments.GetValue(From) ?? settings["initialModel"].Deserialize<string?>());
        if (model is not null && MetadataOf(model) is { Members: null } known)
        {
            continuesHead = known.Architecture.Head is not null;

            // What the model has, its training goes on with.
            Put(settings, ["imageHeight"], known.Preprocessing.Height, over: false);
            Put(settings, ["imageWidth"], known.Preprocessing.Width, over: false);
            if (!CommonOptions.IsTyped(arguments, Arch.Name))
            {
                Put(settings, ["arch"], known.Architecture.Name, over: false);
            }
        }

        if (!CommonOptions.IsTyped(arguments, Arch.Name))
        {
            var side = arguments.GetValue(ImageSize) ?? settings["imageHeight"].Deserialize<int?>() ?? Math.Min(images?.Height ?? LeastPhotoPixels, images?.Width ?? LeastPhotoPixels);
            Put(settings, ["arch"], images is { Channels: 1 } || side < LeastPhotoPixels ? ForSmallImages : ForPhotos, over: false);
        }

        foreach (var (option, paths, value) in Places)
        {
            var typed = CommonOptions.IsTyped(arguments, option.Name);
            foreach (var path in paths)
            {
                Put(settings, path.Split('.'), (typed ? null : DefaultOfMode(option, path, settings, continuesHead)) ?? value(arguments), over: typed);
            }
        }

        return Parse(settings, file?.FullName ?? "the command line") with { Device = CommonOptions.DeviceOf(arguments, device, settings), Sources = new SourceOptions { Mirrors = mirrors } };
    }

    /// <summary>What was typed and would do nothing, a line each: a user who types it expects something of it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="applied">The settings, as they apply.</param>
    public static IEnumerable<string> Unused(ParseResult arguments, ImageClassificationTrainer.Options applied)
    {
        (Option Option, bool Used, string Reason)[] options =
        [
            (Weights, applied.InitialModel is null, "the model that --from names has its own"),
            (Weights, applied.FineTuning != FineTuning.Scratch, $"{applied.Arch} is trained from scratch: give an architecture that the weights are for with --arch, and --mode frozen, partial or full"),
            (Arch, applied.InitialModel is null || arguments.GetValue(Arch) is not { } arch || ArchitectureCatalog.Canonical(arch) == applied.Arch, $"the model that --from names is a {applied.Arch}"),
            (UnfreezeFrom, applied.FineTuning == FineTuning.Partial, "only --mode partial begins somewhere in the backbone"),
            (UnfreezeLayers, applied.FineTuning == FineTuning.Partial, "only --mode partial begins somewhere in the backbone"),
            (HeadEpochs, applied.FineTuning is FineTuning.Partial or FineTuning.Full, "only --mode partial and full train the head before"),
            (Dropout, applied.InitialModel is null, "the model that --from names has its own head"),
            (ImageSize, applied.InitialModel is null || (arguments.GetValue(ImageSize) is { } side && (applied.ImageHeight, applied.ImageWidth) == (side, side)), "the model that --from names has its own size"),
            (Dropout, applied.FineTuning != FineTuning.Scratch, $"{applied.Arch} is trained from scratch, and has its own dropout (archSettings of --settings)"),
        ];
        return options.Where(option => !option.Used).DistinctBy(option => option.Option).SelectMany(option => CommonOptions.Unused(arguments, option.Reason, option.Option));
    }

    /// <summary>How a user types a setting of this name; the name itself where it cannot be typed.</summary>
    public static string AsTyped(string setting) =>
        setting is "device" ? "--device" : Places.FirstOrDefault(place => place.Paths.Contains(setting)).Option?.Name ?? setting;

    /// <summary>A problem that begins with a setting's name, with the option's name in its place where that was typed.</summary>
    public static string Typed(ParseResult arguments, string problem)
    {
        var place = Places.FirstOrDefault(place => CommonOptions.IsTyped(arguments, place.Option.Name) && place.Paths.Any(path => problem.StartsWith(path + " ", StringComparison.Ordinal)));
        return place.Option is null ? problem : place.Option.Name + problem[problem.IndexOf(' ')..];
    }

    /// <summary>A file of settings, checked.</summary>
    /// <exception cref="ConfigurationException">It cannot be read as settings.</exception>
    public static JsonObject ReadFile(FileInfo file)
    {
        try
        {
            var settings = JsonNode.Parse(File.ReadAllText(file.FullName)) as JsonObject
                ?? throw new ConfigurationException($"{file.FullName}: an object with trainer settings is expected");
            Parse(settings, file.FullName);
            return settings;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ConfigurationException($"--settings {file.FullName} cannot be read: {error.Message}");
        }
    }

    private static ImageClassificationTrainer.Options Parse(JsonObject settings, string source)
    {
        try
        {
            return settings.Deserialize<ImageClassificationTrainer.Options>(RecordJson.Options)!;
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"{source}: {RecordJson.Explain(error)}");
        }
    }

    // Null where the option's own default applies; what is lowered on plateaus has no schedule besides.
    private static JsonNode? DefaultOfMode(Option option, string path, JsonObject settings, bool continuesHead)
    {
        var given = settings["fineTuning"].Deserialize<FineTuning?>(RecordJson.Options);
        if (option == Epochs)
        {
            return (given ?? (continuesHead || IsPretrained(settings) ? FineTuning.Frozen : FineTuning.Scratch)) == FineTuning.Frozen && KeepsFeatures(settings) ? FrozenEpochs : null;
        }

        if (given is not { } mode || mode is not (FineTuning.Partial or FineTuning.Full)
            || !FineTuned.Contains(option) || (option == Schedule && settings["reduceOnPlateau"] is not null))
        {
            return null;
        }

        return path.Split('.').Aggregate(Node(ImageClassificationTrainer.Options.ForFineTuning(mode)), (node, part) => node?[part])?.DeepClone();
    }

    // Without, every epoch runs the backbone over all images.
    private static bool KeepsFeatures(JsonObject settings)
    {
        var transfer = settings["transfer"].Deserialize<TransferSettings>(RecordJson.Options) ?? new();
        return transfer.CacheActivations && (settings["augmentation"] is null || transfer.AugmentedViews > 0);
    }

    private static bool IsPretrained(JsonObject settings) =>
        settings["initialModel"] is null && settings["arch"]?.GetValue<string>() is { } arch && new WeightsCatalog().DefaultFor(ArchitectureCatalog.Canonical(arch)) is not null;

    // Null where the file is none: that is told with all other problems.
    private static ModelMetadata? MetadataOf(string model)
    {
        try
        {
            return ModelPackage.Read(model, includeWeights: false).Metadata;
        }
        catch (Exception error) when (error is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A default goes where the file says nothing.
    private static void Put(JsonObject settings, ReadOnlySpan<string> path, JsonNode? value, bool over)
    {
        if (path.Length > 1)
        {
            var part = settings[path[0]] as JsonObject ?? [];
            settings[path[0]] = part;
            Put(part, path[1..], value, over);
        }
        else if (over || !settings.ContainsKey(path[0]))
        {
            settings[path[0]] = value;
        }
    }

    private static (Option Option, string[] Paths, Func<ParseResult, JsonNode?> Value) Place<T>(Option<T> option, params string[] paths) =>
        (option, paths, typed => Node(typed.GetValue(option)));

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, RecordJson.Options);
}
