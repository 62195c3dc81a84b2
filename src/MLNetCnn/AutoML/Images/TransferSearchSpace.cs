using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>
/// Heads on frozen backbones, at the image sizes that the time allows; then fine-tuning of the last stages, and of whole networks,
/// where there is time for it.
/// </summary>
internal static class TransferSearchSpace
{
    // The share of the classes that the weights must know by name for it to be of use.
    private const double LeastKnown = 0.5;

    /// <summary>The space for a dataset.</summary>
    /// <param name="side">The larger side of its photos, in pixels, before they are resized.</param>
    /// <param name="classes">What they show.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="allImages">How many there are in all parts.</param>
    /// <param name="time">The seconds for everything.</param>
    /// <param name="available">The backbones whose weights are at hand, the best first; at least one.</param>
    /// <param name="device">Where trials run.</param>
    /// <param name="stop">Ends the measuring.</param>
    public static SearchSpace For(int side, IReadOnlyList<string> classes, int trainImages, int allImages, double time, IReadOnlyList<string> available, string device, CancellationToken stop)
    {
        var plan = TransferPlan.For(side, trainImages, allImages, time, [.. available.Select(name => (name, BackboneSpeed.SecondsPerImage(name, device, stop)))]);
        var ways = new List<(string Mode, SearchSpace Space)> { ("frozen", [.. Arch(plan.Frozen, name => Start(Knows(name, classes), Layers())), .. Head()]) };
        if (plan.Partial.Count > 0)
        {
            ways.Add(("partial", [.. Arch(plan.Partial, name => [.. Depth(plan.Depths[name]), .. Start(Knows(name, classes))]), .. LastStages(device)]));
        }

        // Whole networks learn photos that are unlike those of the weights: where the classes are the same, they forget more than they learn.
        if (plan.Full.Count > 0 && !available.Any(name => Knows(name, classes)))
        {
            ways.Add(("full", [.. Arch(plan.Full, _ => []), .. Everything(device)]));
        }

        return new() { { SearchStage.Choice, ways.Aggregate(new ChoiceOption([.. ways.Select(way => way.Mode)]), (choice, way) => choice.When(way.Mode, way.Space)) } };
    }

    /// <summary>Heads alone, on backbones that take the images as they are.</summary>
    /// <param name="available">The backbones.</param>
    /// <param name="classes">What the images show.</param>
    public static SearchSpace Heads(IReadOnlyList<string> available, IReadOnlyList<string> classes) =>
        [.. new SearchSpace { { SearchStage.Choice, new ChoiceOption("frozen") } }, .. Arch(available, name => Start(Knows(name, classes), Layers())), .. Head()];

    private static SearchSpace Arch(IReadOnlyDictionary<string, List<int>> sizes, Func<string, SearchSpace> own) =>
        Arch(sizes.Keys, name => [.. new SearchSpace { { "imageSize", new ChoiceOption([.. sizes[name].Select(size => (object)size)]) } }, .. own(name)]);

    // Each backbone with what is to be chosen for it alone.
    private static SearchSpace Arch(IEnumerable<string> backbones, Func<string, SearchSpace> own) =>
        new() { { "arch", backbones.Aggregate(new ChoiceOption([.. backbones]), (choice, name) => choice.When(name, own(name))) } };

    private static SearchSpace Depth(string[] stages) => new() { { "transfer.unfreezeFrom", new ChoiceOption([.. stages]) } };

    private static bool Knows(string backbone, IReadOnlyList<string> classes) => PretrainedBackbone.Known(backbone, classes) >= LeastKnown;

    // Around the defaults of the trainer's head. Another pooling is another pass of the backbone: that is for spaces of one's own.
    private static SearchSpace Head() =>
        new()
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
        };

    private static SearchSpace Layers() => new() { { "transfer.head.hidden", new ChoiceOption(0, 128, 512) }, { "transfer.head.batchNorm", new ChoiceOption(false, true) } };

    // Where the weights know most classes by name, a head may begin as they know them; one that does not may have layers of its own.
    private static SearchSpace Start(bool known, SearchSpace? layers = null)
    {
        if (!known)
        {
            return layers ?? [];
        }

        var begins = new ChoiceOption(true, false).When(true, new() { { "transfer.head.normalize", new ChoiceOption(false, true) } });
        return new() { { "transfer.head.knownClasses", layers is null ? begins : begins.When(false, layers) } };
    }

    // Views that are augmented anew in every epoch would each cost a pass up to the cut: a few of them are cached.
    private static SearchSpace LastStages(string device) =>
    [
        .. new SearchSpace
        {
            { "epoch", new UniformIntOption(TransferPlan.PartialEpochs, 8, logBase: false, defaultValue: TransferPlan.PartialEpochs) },
            { "augmentation", new ChoiceOption("light", "none").When("light", new SearchSpace { { "transfer.augmentedViews", new ChoiceOption(TransferPlan.AugmentedViews) } }) },
        },
        .. FineTuning(device, defaultRate: 1e-4),
    ];

    private static SearchSpace Everything(string device) =>
    [
        .. new SearchSpace
        {
            { "epoch", new UniformIntOption(TransferPlan.FullEpochs, 12, logBase: false, defaultValue: TransferPlan.FullEpochs) },
            { "augmentation", new ChoiceOption("standard", "trivial") },
        },
        .. FineTuning(device, defaultRate: 1.5e-4),
    ];

    private static SearchSpace FineTuning(string device, double defaultRate) =>
        new()
        {
            { "learningRate", new UniformDoubleOption(2e-5, 1e-3, logBase: true, defaultRate) },
            { "batchSize", new ChoiceOption(32) },
            { "schedule", new ChoiceOption("cosine") },
            { "precision", DefaultSearchSpaces.Precision(device) },
            { "labelSmoothing", new UniformDoubleOption(0, 0.2, logBase: false, defaultValue: 0.1) },
            { "optimizer.kind", new ChoiceOption("adamW") },
            { "optimizer.weightDecay", new UniformDoubleOption(1e-4, 1e-1, logBase: true, defaultValue: 1e-2) },
            { "transfer.head.dropout", new UniformDoubleOption(0, 0.7, logBase: false, defaultValue: 0.2) },
        };
}
