using System.Text.Json;

using MLNetCnn.Data;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>
/// What is searched where nobody says it: heads on the pretrained backbones that are at hand, at the image sizes that the time allows, then
/// fine-tuning of the last stages, and of whole networks, where there is time for it; and networks from scratch where images are small and many.
/// </summary>
public static class DefaultSearchSpaces
{
    // Small grey pictures are nothing that networks trained on photos know.
    private const int MostScratchPixels = 64;
    private const int LeastScratchImages = 20_000;
    private const int LeastTransferPixels = 64;

    // A search that is limited in trials alone: what it may cost is judged as in an hour.
    private const double UnlimitedSeconds = 3600;

    private static readonly string[] Backbones = ["resnet-50", "mobilenet-v2", "resnet-18"];

    /// <summary>The default space for a dataset.</summary>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="side">Their larger side before they were resized, in pixels: what they show does not grow with the size that a dataset gives them.</param>
    /// <param name="classes">What they show.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="allImages">How many there are in all parts.</param>
    /// <param name="seconds">The time for everything; null for no limit.</param>
    /// <param name="available">The backbones whose weights are at hand, the best first.</param>
    /// <param name="device">Where trials run.</param>
    /// <param name="stop">Ends the measuring of what networks cost here.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has ended it.</exception>
    public static SearchSpace For(
        ImageShape images, int side, IReadOnlyList<string> classes, int trainImages, int allImages, double? seconds, IReadOnlyList<string> available, string device, CancellationToken stop = default)
    {
        var time = seconds ?? UnlimitedSeconds;
        return available.Count == 0 || IsForScratch(images, trainImages)
            ? ScratchSearchSpace.For(images, trainImages, time, device, stop)
            : TransferSearchSpace.For(side, classes, trainImages, allImages, time, available, device, stop);
    }

    // Images of a view have the size that they have.
    internal static SearchSpace ForOneSize(ImageSet images, double? seconds, AvailableBackbones available, string device, CancellationToken stop) => available.Names.Count == 0
        ? ScratchSearchSpace.For(images.Shape, images.Count, seconds ?? UnlimitedSeconds, device, stop)
        : TransferSearchSpace.Heads(available.Names, images.ClassNames);

    internal static AvailableBackbones AvailableForOneSize(ImageSet images, ImageClassificationTrainer.Options options, CancellationToken stop) =>
        Math.Min(images.Height, images.Width) < LeastTransferPixels ? AvailableBackbones.None : Available(options, images.Shape, images.Count, progress: null, stop);

    /// <summary>The default backbones whose weights are here or can be fetched; none is looked for where images suit networks from scratch.</summary>
    /// <param name="options">The trainer's settings; they say where weights are looked for.</param>
    /// <param name="images">The dataset's own images.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="progress">Told how the fetching goes.</param>
    /// <param name="stop">Stops the fetching.</param>
    public static AvailableBackbones Available(
        ImageClassificationTrainer.Options options, ImageShape images, int trainImages, IProgress<DataProgress>? progress, CancellationToken stop)
    {
        if (IsForScratch(images, trainImages))
        {
            return AvailableBackbones.None;
        }

        var missing = Backbones
            .Select(name => (Name: name, Reason: Missing(options with { Arch = name, FineTuning = Training.FineTuning.Frozen }, images, progress, stop)))
            .Where(backbone => backbone.Reason is not null)
            .ToDictionary(backbone => backbone.Name, backbone => backbone.Reason!);
        return new([.. Backbones.Where(name => !missing.ContainsKey(name))], missing);
    }

    // The arithmetic of what trains more than a head: the fastest that the device has.
    internal static ChoiceOption Precision(string device) =>
        new(JsonNamingPolicy.CamelCase.ConvertName($"{Devices.Applied(Training.Precision.BFloat16, device)}"));

    private static bool IsForScratch(ImageShape images, int trainImages) =>
        images.Channels == 1 && Math.Max(images.Height, images.Width) <= MostScratchPixels && trainImages >= LeastScratchImages;

    private static string? Missing(ImageClassificationTrainer.Options options, ImageShape images, IProgress<DataProgress>? progress, CancellationToken stop)
    {
        try
        {
            _ = new PretrainedBackbone(options.Applied(), images, progress, stop);
            return null;
        }
        catch (Exception missing) when (missing is DatasetException or ConfigurationException)
        {
            return missing.Message;
        }
    }
}
