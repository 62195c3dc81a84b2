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

    // A batch that speed is measured with: of large images it is small, so that measuring takes seconds and little memory.
    private const int MeasuredBatch = 128;
    private const int MeasuredPixels = MeasuredBatch * 64 * 64;

    /// <summary>The space for a dataset. Its default is the widest network that the time allows so many epochs of, and as many more as fit.</summary>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="time">The seconds for everything.</param>
    /// <param name="device">Where trials run.</param>
    /// <param name="stop">Ends the measuring.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has ended it.</exception>
    public static SearchSpace For(ImageShape images, int trainImages, double time, string device, CancellationToken stop)
    {
        var (width, epochs) = Affordable(images, trainImages, OneTraining * time, device, stop);
        var most = Math.Clamp((int)epochs, LeastEpochs, MostEpochs);
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

    // The widest network of which the time allows enough epochs, and how many; one that is wider than what is too slow is not even measured.
    private static (int Width, double Epochs) Affordable(ImageShape images, int trainImages, double time, string device, CancellationToken stop)
    {
        var (width, epochs) = (Widths[0], Epochs(Widths[0]));
        foreach (var wider in Widths.Skip(1).TakeWhile(_ => epochs >= LeastEpochs))
        {
            if (Epochs(wider) is var fewer && fewer < LeastEpochs)
            {
                break;
            }

            (width, epochs) = (wider, fewer);
        }

        return (width, epochs);

        double Epochs(int candidate) => time / (trainImages * TrainingSpeed.SecondsPerImage(Measured(candidate, images, device), images, stop));
    }

    private static ImageClassificationTrainer.Options Measured(int width, ImageShape images, string device) => (TrialOptions.Default with
    {
        Arch = DefaultArch,
        ArchSettings = new(new JsonObject { ["width"] = width }),
        FineTuning = Training.FineTuning.Scratch,
        BatchSize = Math.Clamp(MeasuredPixels / (images.Height * images.Width), 4, MeasuredBatch),
        Precision = Precision.BFloat16,
        Device = device,
    }).Applied();
}
