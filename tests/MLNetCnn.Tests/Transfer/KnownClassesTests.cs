using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Weights;
using MLNetCnn.Training;
using MLNetCnn.Transfer;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Transfer;

/// <summary>A head that begins with what the weights' own classifier knows, on the real weights and real photos.</summary>
public sealed class KnownClassesTests
{
    private const int Size = 224;

    private static readonly (string Photo, string Label)[] Photos =
        [("bird.jpg", "chickadee"), ("cat.jpg", "Egyptian cat"), ("hot_dog.jpg", "hotdog"), ("parrot.jpg", "macaw")];

    [Fact]
    public void It_says_what_the_classifier_says_of_classes_that_both_know()
    {
        var photos = SharedData.Require("photos");
        MLImage[] images = [.. Photos.Select(photo => MLImage.CreateFromFile(Path.Combine(photos, photo.Photo)).ToFormat(MLPixelFormat.Rgb24).Resize(Size, Size, ResizingKind.IsoCrop))];
        using var set = Set(images, [.. Photos.Select(photo => photo.Label)]);

        using var trained = Train(set, new() { KnownClasses = true, Normalize = false });

        using var scope = NewDisposeScope();
        using var classifier = new PretrainedClassifier(RealWeights.ResNet50());
        var labels = new WeightsCatalog().DefaultFor("resnet-50")!.Labels.ToList();
        long[] rows = [.. Photos.Select(photo => (long)labels.IndexOf(photo.Label.Replace(' ', '_')))];
        var expected = stack([.. images.Select(image => classifier.Logits(image).select(0, 0).index_select(0, tensor<long>(rows)))]).softmax(1).ToArray<float>();
        var found = trained.Probabilities(set);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        Assert.Matches("^resnet50-imagenet [0-9a-f]{64}$", trained.Weights!);
        Assert.All(Enumerable.Range(0, images.Length), image => Assert.True(found[(image * images.Length) + image] > 0.9));
    }

    [Fact]
    public void Without_a_class_that_is_known_or_with_a_head_of_other_layers_it_is_refused()
    {
        using var set = Set([.. Enumerable.Range(0, 2).Select(_ => MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgb24, new byte[Size * Size * 3]))], ["never heard of", "nor this"]);

        var unknown = Assert.Throws<ConfigurationException>(() => Train(set, new() { KnownClasses = true }));
        var layers = Assert.Throws<ConfigurationException>(() => Train(set, new() { KnownClasses = true, Hidden = [16] }));

        Assert.Contains("knows none of the classes never heard of, nor this", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("hidden", layers.Message, StringComparison.Ordinal);
    }

    private static ImageSet Set(MLImage[] images, string[] classes) =>
        ImageSet.FromPixels([.. images.SelectMany(image => image.Pixels.ToArray())], [.. Enumerable.Range(0, images.Length)], new ImageShape(3, Size, Size), classes);

    private static TrainedNetwork Train(ImageSet set, HeadSettings head)
    {
        _ = RealWeights.ResNet50();
        var options = new ImageClassificationTrainer.Options
        {
            Arch = "resnet-50",
            FineTuning = FineTuning.Frozen,
            Transfer = new TransferSettings { Head = head, FrozenPrecision = Precision.Float32, CacheActivations = false },
            Epoch = 1,
            LearningRate = 1e-9,
            EarlyStoppingCriteria = null,
        };
        ConfigurationException.ThrowIfAny(options.Problems());
        return NetworkTrainer.Train(options.Applied(), set, validation: null, SilentMonitor.Instance, TestContext.Current.CancellationToken);
    }
}
