using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>Heads on frozen backbones, at the image sizes that the time allows, then fine-tuning of the last stages where there is time for it.</summary>
internal static class TransferSearchSpace
{
    // Shares of the time that passes of frozen backbones may take: one of them, and all.
    private const double OnePass = 0.25;
    private const double AllPasses = 0.45;
    private const double FineTuning = 0.35;
    private const int FineTuningEpochs = 4;
    private const int AugmentedViews = 2;

    // An epoch of the last stage, forwards and backwards from its cached cut, costs at most so many passes of the frozen backbone (0.5 with
    // bfloat16, 1 without); with the stage before it, so many.
    private const double LastStagePerPass = 1;
    private const double TwoStagesPerPass = 4.5;

    // Photos of so many pixels gain nothing from being enlarged further.
    private const int MostEnlarged = 4;

    // The share of the classes that the weights must know by name for it to be of use.
    private const double LeastKnown = 0.5;

    private static readonly int[] Sizes = [96, 128, 160, 192, 224, 256, 288];

    // From which stage on a network is trained, what costs less first: the second only where the time allows it.
    private static readonly Dictionary<string, string[]> Depths = new(StringComparer.Ordinal)
    {
        ["resnet-50"] = ["layer4", "layer3"],
        ["mobilenet-v2"] = ["stage6", "stage4"],
    };

    /// <summary>The space for a dataset.</summary>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="classes">What they show.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="allImages">How many there are in all parts.</param>
    /// <param name="time">The seconds for everything.</param>
    /// <param name="available">The backbones whose weights are at hand, the best first; at least one.</param>
    /// <param name="device">Where trials run.</param>
    public static SearchSpace For(ImageShape images, IReadOnlyList<string> classes, int trainImages, int allImages, double time, IReadOnlyList<string> available, string device)
    {
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

        var known = AreKnown(available, classes);
        var arch = Arch(sizes, Head(known));
        var fineTuned = available.ToDictionary(name => name, name => Sizes.Reverse().Where(size => size <= Math.Max(largest, Sizes[0]) && IsAffordable(name, size, LastStagePerPass)).Take(2).ToList())
            .Where(entry => entry.Value.Count > 0).ToDictionary();
        var depths = fineTuned.ToDictionary(entry => entry.Key, entry => IsAffordable(entry.Key, entry.Value[0], TwoStagesPerPass) ? Depths[entry.Key] : [Depths[entry.Key][0]]);
        return fineTuned.Count == 0
            ? new() { { SearchStage.Choice, new ChoiceOption("frozen").When("frozen", arch) } }
            : new() { { SearchStage.Choice, new ChoiceOption("frozen", "partial").When("frozen", arch).When("partial", Arch(fineTuned, LastStages(known, device), depths)) } };

        // One pass for each view fills the cache up to the cut.
        bool IsAffordable(string name, int size, double epoch) =>
            (AugmentedViews + (FineTuningEpochs * epoch)) * trainImages * BackboneSpeed.At(size, cost[name]) <= FineTuning * time;
    }

    /// <summary>Heads alone, on backbones that take the images as they are.</summary>
    /// <param name="available">The backbones.</param>
    /// <param name="classes">What the images show.</param>
    public static SearchSpace Heads(IReadOnlyList<string> available, IReadOnlyList<string> classes) =>
        [.. new SearchSpace { { SearchStage.Choice, new ChoiceOption("frozen") }, { "arch", new ChoiceOption([.. available]) } }, .. Head(AreKnown(available, classes))];

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

    private static bool AreKnown(IReadOnlyList<string> available, IReadOnlyList<string> classes) =>
        available.All(name => PretrainedBackbone.Known(name, classes) >= LeastKnown);

    // Around the defaults of the trainer's head. Another pooling is another pass of the backbone: that is for spaces of one's own.
    private static SearchSpace Head(bool known) =>
    [
        .. new SearchSpace
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
        },
        .. Start(known, new() { { "transfer.head.hidden", new ChoiceOption(0, 128, 512) }, { "transfer.head.batchNorm", new ChoiceOption(false, true) } }),
    ];

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

    private static SearchSpace LastStages(bool known, string device) =>
    [
        .. new SearchSpace
        {
            { "learningRate", new UniformDoubleOption(2e-5, 1e-3, logBase: true, defaultValue: 1e-4) },
            { "epoch", new UniformIntOption(FineTuningEpochs, 8, logBase: false, defaultValue: FineTuningEpochs) },
            { "batchSize", new ChoiceOption(32) },
            { "schedule", new ChoiceOption("cosine") },
            { "precision", DefaultSearchSpaces.Precision(device) },
            { "labelSmoothing", new UniformDoubleOption(0, 0.2, logBase: false, defaultValue: 0.1) },
            { "optimizer.kind", new ChoiceOption("adamW") },
            { "optimizer.weightDecay", new UniformDoubleOption(1e-4, 1e-1, logBase: true, defaultValue: 1e-2) },
            { "transfer.head.dropout", new UniformDoubleOption(0, 0.7, logBase: false, defaultValue: 0.2) },
            { "augmentation", new ChoiceOption("light", "none").When("light", new SearchSpace { { "transfer.augmentedViews", new ChoiceOption(AugmentedViews) } }) },
        },
        .. Start(known),
    ];
}
