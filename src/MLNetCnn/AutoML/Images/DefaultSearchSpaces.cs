using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>
/// What is searched where nobody says it: heads on the pretrained backbones that are at hand, at the image sizes that the time allows, then
/// fine-tuning of the last stage where there is time for it; and networks from scratch where images are small and many.
/// </summary>
public static class DefaultSearchSpaces
{
    // Small grey pictures are nothing that networks trained on photos know.
    private const int MostScratchPixels = 64;
    private const int LeastScratchImages = 20_000;
    private const int LeastTransferPixels = 64;

    // Of trainings from scratch: the share of the time that one of them may take, and its epochs.
    private const string ScratchArch = "resnet-9";
    private const double OneTraining = 0.4;
    private const int LeastEpochs = 6;
    private const int MostEpochs = 30;

    // Shares of the time that passes of frozen backbones may take: one of them, and all.
    private const double OnePass = 0.25;
    private const double AllPasses = 0.45;
    private const double FineTuning = 0.35;
    private const int FineTuningEpochs = 4;
    private const int AugmentedViews = 2;

    // An epoch of the last stage, forwards and backwards from its cached cut, costs about so many passes of the frozen backbone; with the
    // stage before it, so many.
    private const double LastStagePerPass = 0.8;
    private const double TwoStagesPerPass = 2;

    // A search that is limited in trials alone: what its passes may cost is judged as in an hour.
    private const double UnlimitedSeconds = 3600;

    private static readonly string[] Backbones = ["resnet-50", "mobilenet-v2"];
    private static readonly int[] Sizes = [96, 128, 160, 192, 224, 256, 288];

    // From which stage on a network is trained; the last one first, which costs least.
    private static readonly Dictionary<string, string[]> Depths = new(StringComparer.Ordinal) { ["resnet-50"] = ["layer4", "layer3"] };

    private static readonly int[] Widths = [16, 32, 64];

    // Photos of so many pixels gain nothing from being enlarged further.
    private const int MostEnlarged = 4;

    /// <summary>The default space for a dataset.</summary>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="allImages">How many there are in all parts.</param>
    /// <param name="seconds">The time for everything; null for no limit.</param>
    /// <param name="available">The backbones whose weights are at hand, the best first.</param>
    /// <param name="device">Where trials run.</param>
    public static SearchSpace For(ImageShape images, int trainImages, int allImages, double? seconds, IReadOnlyList<string> available, string device)
    {
        if (IsForScratch(images, trainImages, available))
        {
            return Scratch(images, trainImages, seconds, device);
        }

        var time = seconds ?? UnlimitedSeconds;
        var cost = available.ToDictionary(name => name, name => BackboneSpeed.SecondsPerImage(name, device));
        var largest = Math.Max(images.Height, images.Width) * MostEnlarged;
        var sizes = available.ToDictionary(name => name, _ => new List<int>());
        var spent = 0.0;
        foreach (var size in Sizes.Reverse().Where(size => size <= Math.Max(largest, Sizes[0])))
        {
            foreach (var name in available)
            {
                var pass = allImages * BackboneSpeed.At(size, cost[name]);
                if (pass <= OnePass * time && spent + pass <= AllPasses * time && sizes[name].Count < 2)
                {
                    sizes[name].Add(size);
                    spent += pass;
                }
            }
        }

        // The fastest backbone at the smallest size is always affordable enough to try.
        if (sizes.Values.All(list => list.Count == 0))
        {
            sizes[available.MinBy(name => cost[name])!].Add(Sizes[0]);
        }

        var arch = Arch(sizes, Head());
        var fineTuned = available.ToDictionary(name => name, name => Sizes.Reverse().Where(size => size <= Math.Max(largest, Sizes[0]) && IsAffordable(name, size, LastStagePerPass)).Take(2).ToList())
            .Where(entry => entry.Value.Count > 0).ToDictionary();
        var depths = Depths.Where(entry => fineTuned.TryGetValue(entry.Key, out var offered) && IsAffordable(entry.Key, offered[0], TwoStagesPerPass)).ToDictionary();
        return fineTuned.Count == 0
            ? new() { { SearchStage.Choice, new ChoiceOption("frozen").When("frozen", arch) } }
            : new() { { SearchStage.Choice, new ChoiceOption("frozen", "partial").When("frozen", arch).When("partial", Arch(fineTuned, LastStages(), depths)) } };

        // One pass for each view fills the cache up to the cut.
        bool IsAffordable(string name, int size, double epoch) =>
            (AugmentedViews + (FineTuningEpochs * epoch)) * trainImages * BackboneSpeed.At(size, cost[name]) <= FineTuning * time;
    }

    // Images of a view have the size that they have.
    internal static SearchSpace ForOneSize(ImageSet images, double? seconds, ImageClassificationTrainer.Options options, CancellationToken stop)
    {
        var available = Available(options, images.Shape, stop);
        return IsForScratch(images.Shape, images.Count, available) || Math.Min(images.Height, images.Width) < LeastTransferPixels
            ? Scratch(images.Shape, images.Count, seconds, options.Device)
            : [.. new SearchSpace { { SearchStage.Choice, new ChoiceOption("frozen") }, { "arch", new ChoiceOption([.. available]) } }, .. Head()];
    }

    /// <summary>The default backbones whose weights are here or can be fetched.</summary>
    /// <param name="options">The trainer's settings; they say where weights are looked for.</param>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="stop">Stops the fetching.</param>
    public static IReadOnlyList<string> Available(ImageClassificationTrainer.Options options, ImageShape images, CancellationToken stop) =>
        [.. Backbones.Where(name => IsAvailable(options with { Arch = name, FineTuning = Training.FineTuning.Frozen }, images, stop))];

    private static bool IsForScratch(ImageShape images, int trainImages, IReadOnlyList<string> available) =>
        available.Count == 0 || (images.Channels == 1 && Math.Max(images.Height, images.Width) <= MostScratchPixels && trainImages >= LeastScratchImages);

    private static bool IsAvailable(ImageClassificationTrainer.Options options, ImageShape images, CancellationToken stop)
    {
        try
        {
            _ = new PretrainedBackbone(options.Applied(), images, SilentMonitor.Instance, stop);
            return true;
        }
        catch (Exception missing) when (missing is DatasetException or ConfigurationException)
        {
            return false;
        }
    }

    private static SearchSpace Arch(Dictionary<string, List<int>> sizes, SearchSpace common, IReadOnlyDictionary<string, string[]>? depths = null)
    {
        var choice = new ChoiceOption([.. sizes.Where(entry => entry.Value.Count > 0).Select(entry => entry.Key)]);
        foreach (var (name, offered) in sizes.Where(entry => entry.Value.Count > 0))
        {
            var own = new SearchSpace { { "imageSize", new ChoiceOption([.. offered.Select(size => (object)size)]) } };
            if (depths?.GetValueOrDefault(name) is { } stages)
            {
                own.Add("transfer.unfreezeFrom", new ChoiceOption([.. stages]));
            }

            choice = choice.When(name, own);
        }

        return [.. new SearchSpace { { "arch", choice } }, .. common];
    }

    // Around the defaults of the trainer's head. Another pooling is another pass of the backbone: that is for spaces of one's own.
    private static SearchSpace Head() => new()
    {
        { "learningRate", new UniformDoubleOption(2e-4, 2e-2, logBase: true, defaultValue: 2e-3) },
        { "epoch", new UniformIntOption(10, 80, logBase: true, defaultValue: 30) },
        { "batchSize", new ChoiceOption([32, 64, 128], 64) },
        { "schedule", new ChoiceOption("cosine", "constant") },
        { "labelSmoothing", new UniformDoubleOption(0, 0.2, logBase: false, defaultValue: 0) },
        { "optimizer.kind", new ChoiceOption("adam", "nAdam", "sgd") },
        { "transfer.head.l1", new ChoiceOption(0.0, 1e-6, 1e-5) },
        { "transfer.head.l2", new UniformDoubleOption(1e-5, 1e-2, logBase: true, defaultValue: 2e-3) },
        { "transfer.head.dropout", new UniformDoubleOption(0, 0.7, logBase: false, defaultValue: 0) },
        { "transfer.head.hidden", new ChoiceOption(0, 128, 512) },
        { "transfer.head.batchNorm", new ChoiceOption(false, true) },
    };

    private static ImageClassificationTrainer.Options Narrow(int width, string device) => TrialOptions.Default with
    {
        Arch = ScratchArch,
        ArchSettings = new(new JsonObject { ["width"] = width }),
        FineTuning = Training.FineTuning.Scratch,
        BatchSize = 128,
        Precision = Precision.BFloat16,
        Device = device,
    };

    private static SearchSpace LastStages() => new()
    {
        { "learningRate", new UniformDoubleOption(2e-5, 1e-3, logBase: true, defaultValue: 1e-4) },
        { "epoch", new UniformIntOption(FineTuningEpochs, 8, logBase: false, defaultValue: FineTuningEpochs) },
        { "batchSize", new ChoiceOption(32) },
        { "schedule", new ChoiceOption("cosine") },
        { "precision", new ChoiceOption("bFloat16") },
        { "labelSmoothing", new UniformDoubleOption(0, 0.2, logBase: false, defaultValue: 0.1) },
        { "optimizer.kind", new ChoiceOption("adamW") },
        { "optimizer.weightDecay", new UniformDoubleOption(1e-4, 1e-1, logBase: true, defaultValue: 1e-2) },
        { "transfer.head.dropout", new UniformDoubleOption(0, 0.7, logBase: false, defaultValue: 0.2) },
        { "augmentation", new ChoiceOption("light", "none").When("light", new SearchSpace { { "transfer.augmentedViews", new ChoiceOption(AugmentedViews) } }) },
    };

    // The default is the widest network that the time allows so many epochs of, and as many more as fit.
    private static SearchSpace Scratch(ImageShape images, int trainImages, double? seconds, string device)
    {
        var epochs = Widths.ToDictionary(width => width, width => OneTraining * (seconds ?? UnlimitedSeconds) / (trainImages * TrainingSpeed.SecondsPerImage(Narrow(width, device), images)));
        int[] affordable = [.. Widths.Where(width => epochs[width] >= LeastEpochs)];
        var width = affordable is [] ? Widths.Min() : affordable.Max();
        var most = Math.Clamp((int)epochs[width], LeastEpochs, MostEpochs);
        return new()
        {
            {
                "arch", new ChoiceOption(ScratchArch, "resnet-18", "lenet-5")
                    .When(ScratchArch, new SearchSpace { { "archSettings.width", new ChoiceOption([.. Widths.Where(other => other <= width).Select(other => (object)other)], width) } })
                    .When("resnet-18", new SearchSpace { { "archSettings.width", new ChoiceOption(16) }, { "archSettings.stem", new ChoiceOption("small") } })
            },
            { "fineTuning", new ChoiceOption("scratch") },
            { "learningRate", new UniformDoubleOption(5e-4, 2e-2, logBase: true, defaultValue: 4e-3) },
            { "epoch", new UniformIntOption(Math.Max(1, most / 2), most, logBase: false, defaultValue: most) },
            { "batchSize", new ChoiceOption([64, 128, 256], 128) },
            { "schedule", new ChoiceOption("oneCycle", "cosine") },
            { "precision", new ChoiceOption("bFloat16") },
            { "labelSmoothing", new UniformDoubleOption(0, 0.15, logBase: false, defaultValue: 0.1) },
            { "optimizer.kind", new ChoiceOption("adamW", "nAdam") },
            { "optimizer.weightDecay", new UniformDoubleOption(1e-3, 1e-1, logBase: true, defaultValue: 2e-2) },
            { "augmentation", new ChoiceOption(["none", "light", "strong"], "light") },
        };
    }
}
