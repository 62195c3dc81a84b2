using System.Text.Json.Nodes;

using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>Networks from scratch, as wide and for as many epochs as the time allows.</summary>
internal static class ScratchSearchSpace
{
    private const string DefaultArch = "resnet-9";

    // The share of the time that one training may take, and its epochs.
    private const double OneTraining = 0.4;
    private const int LeastEpochs = 6;
    private const int MostEpochs = 30;

    private static readonly int[] Widths = [16, 32, 64];

    /// <summary>The space for a dataset. Its default is the widest network that the time allows so many epochs of, and as many more as fit.</summary>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="time">The seconds for everything.</param>
    /// <param name="device">Where trials run.</param>
    public static SearchSpace For(ImageShape images, int trainImages, double time, string device)
    {
        var epochs = Widths.ToDictionary(width => width, width => OneTraining * time / (trainImages * TrainingSpeed.SecondsPerImage(Narrow(width, device), images)));
        int[] affordable = [.. Widths.Where(width => epochs[width] >= LeastEpochs)];
        var width = affordable is [] ? Widths.Min() : affordable.Max();
        var most = Math.Clamp((int)epochs[width], LeastEpochs, MostEpochs);
        return new()
        {
            {
                "arch", new ChoiceOption(DefaultArch, "resnet-18", "lenet-5")
                    .When(DefaultArch, new SearchSpace { { "archSettings.width", new ChoiceOption([.. Widths.Where(other => other <= width).Select(other => (object)other)], width) } })
                    .When("resnet-18", new SearchSpace { { "archSettings.width", new ChoiceOption(16) }, { "archSettings.stem", new ChoiceOption("small") } })
            },
            { "fineTuning", new ChoiceOption("scratch") },
            { "learningRate", new UniformDoubleOption(5e-4, 2e-2, logBase: true, defaultValue: 4e-3) },
            { "epoch", new UniformIntOption(Math.Max(1, most / 2), most, logBase: false, defaultValue: most) },
            { "batchSize", new ChoiceOption([64, 128, 256], 128) },
            { "schedule", new ChoiceOption("oneCycle", "cosine") },
            { "precision", DefaultSearchSpaces.Precision(device) },
            { "labelSmoothing", new UniformDoubleOption(0, 0.15, logBase: false, defaultValue: 0.1) },
            { "optimizer.kind", new ChoiceOption("adamW", "nAdam") },
            { "optimizer.weightDecay", new UniformDoubleOption(1e-3, 1e-1, logBase: true, defaultValue: 2e-2) },
            { "augmentation", new ChoiceOption(["none", "light", "strong"], "light") },
        };
    }

    private static ImageClassificationTrainer.Options Narrow(int width, string device) => (TrialOptions.Default with
    {
        Arch = DefaultArch,
        ArchSettings = new(new JsonObject { ["width"] = width }),
        FineTuning = Training.FineTuning.Scratch,
        BatchSize = 128,
        Precision = Precision.BFloat16,
        Device = device,
    }).Applied();
}
