using System.Text.Json;

using MLNetCnn.Architectures;
using MLNetCnn.Transfer;

using static System.FormattableString;

namespace MLNetCnn.Training;

public sealed partial class ImageClassificationTrainer
{
    public sealed partial record Options
    {
        /// <summary>Checks every setting, the architecture's own among them.</summary>
        /// <exception cref="ConfigurationException">Names all settings that are out of their ranges.</exception>
        public void Validate() => ConfigurationException.ThrowIfAny(Problems());

        /// <summary>What is wrong with the settings, one sentence each.</summary>
        /// <param name="images">The images to train on, where they are known.</param>
        /// <param name="nameOf">How the reader calls a setting (<c>--batch-size</c> for <c>batchSize</c>); null for its name in JSON.</param>
        public IEnumerable<string> Problems(ImageShape? images = null, Func<string, string>? nameOf = null)
        {
            nameOf ??= name => name;
            if (Arch is null || Device is null || Optimizer is null)
            {
                // JSON may have put them there; the other rules need them.
                foreach (var name in new[] { (Arch, "arch"), (Device, "device"), (Optimizer as object, "optimizer") }.Where(setting => setting.Item1 is null).Select(setting => setting.Item2))
                {
                    yield return $"{nameOf(name)} is null: leave it out for the default";
                }

                yield break;
            }

            foreach (var problem in ArchitectureCatalog.Problems(Arch, Resized(images), classes: null, ArchSettings))
            {
                yield return problem;
            }

            foreach (var problem in Mode == Training.FineTuning.Scratch ? [] : PretrainedBackbone.Problems(this, nameOf).Concat(TransferOrDefault.Problems()))
            {
                yield return problem;
            }

            if (Devices.Problem(Device, nameOf("device")) is { } unknown)
            {
                yield return unknown;
            }

            if (BatchSize < 1)
            {
                yield return $"{nameOf("batchSize")} is {BatchSize}: give 1 or more images";
            }

            if (BatchSize == 1 && Mode != Training.FineTuning.Scratch && TransferOrDefault.Head.BatchNorm)
            {
                yield return $"{nameOf("batchSize")} is 1 with {nameOf("transfer.head.batchNorm")}: one image has no statistics, give 2 or more";
            }

            if (Epoch < 0 || (Epoch == 0 && Mode == Training.FineTuning.Scratch))
            {
                yield return $"{nameOf("epoch")} is {Epoch}: give 1 or more (0 evaluates a pretrained backbone with an untrained head)";
            }

            if (!(LearningRate > 0) || !double.IsFinite(LearningRate))
            {
                yield return Invariant($"{nameOf("learningRate")} is {LearningRate}: give a value above 0, such as 0.01");
            }

            if (GradientAccumulation < 1)
            {
                yield return $"{nameOf("gradientAccumulation")} is {GradientAccumulation}: give 1 or more";
            }

            if (GradientClipping is not (null or > 0))
            {
                yield return Invariant($"{nameOf("gradientClipping")} is {GradientClipping}: give a value above 0, such as 1, or leave it out");
            }

            if (WeightAverage is not (null or (> 0 and < 1)))
            {
                yield return Invariant($"{nameOf("weightAverage")} is {WeightAverage}: give a value in (0, 1), such as 0.999, or leave it out");
            }

            if (BatchNormImages is < 2)
            {
                yield return $"{nameOf("batchNormImages")} is {BatchNormImages}: give 2 or more images, such as 1000, or leave it out";
            }

            if (!(WarmUpEpoch >= 0) || !double.IsFinite(WarmUpEpoch))
            {
                yield return Invariant($"{nameOf("warmUpEpoch")} is {WarmUpEpoch}: give 0 or more");
            }

            if (LabelSmoothing is not (>= 0 and < 1))
            {
                yield return Invariant($"{nameOf("labelSmoothing")} is {LabelSmoothing}: give a value in [0, 1)");
            }

            if (Loss != LossKind.CrossEntropy && (LabelSmoothing > 0 || Augmentation?.Transforms?.Any(transform => transform is { MixesImages: true }) == true))
            {
                yield return $"{nameOf("loss")} is {Word(Loss)}, which takes plain labels: leave out {nameOf("labelSmoothing")}, MixUp and CutMix, or use {Word(LossKind.CrossEntropy)}";
            }

            if (Loss != LossKind.CrossEntropy && ClassWeights != ClassWeights.Equal)
            {
                yield return $"{nameOf("classWeights")} is {Word(ClassWeights)}, which {nameOf("loss")} {Word(Loss)} does not take: leave it out, or use {Word(LossKind.CrossEntropy)}";
            }

            if (ValidationSetFraction is not (>= 0 and < 1))
            {
                yield return Invariant($"{nameOf("validationSetFraction")} is {ValidationSetFraction}: give a value in [0, 1), such as 0.1");
            }

            if (ImageHeight is < 1 || ImageWidth is < 1)
            {
                yield return $"{nameOf("imageHeight")} x {nameOf("imageWidth")} is {ImageHeight}x{ImageWidth}: give 1 or more pixels each way";
            }

            if (Schedule != LearningRateSchedule.Constant && ReduceOnPlateau is not null)
            {
                yield return $"{nameOf("schedule")} {Word(Schedule)} and {nameOf("reduceOnPlateau")} both move the learning rate: choose one";
            }

            foreach (var problem in (EarlyStoppingCriteria?.Problems() ?? []).Concat(Optimizer.Problems()).Concat(ReduceOnPlateau?.Problems() ?? []).Concat(Augmentation?.Problems() ?? []))
            {
                yield return problem;
            }
        }

        private ImageShape? Resized(ImageShape? images) => (images, ImageHeight, ImageWidth) switch
        {
            _ when Mode != Training.FineTuning.Scratch => new ImageShape(images?.Channels ?? 3, ImageHeight ?? PretrainedSize, ImageWidth ?? PretrainedSize),
            ({ } shape, _, _) => shape with { Height = ImageHeight ?? shape.Height, Width = ImageWidth ?? shape.Width },
            (null, { } height, { } width) => new ImageShape(Channels: 3, height, width),
            _ => null,
        };

        // Large enough for every architecture: unknown weights are told by themselves.
        private int PretrainedSize => PretrainedBackbone.TryFind(this)?.Preprocessing.Size ?? 1024;

        private static string Word<T>(T value)
            where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }
}
