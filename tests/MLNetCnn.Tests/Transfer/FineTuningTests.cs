using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Transfer;

public sealed class FineTuningTests(TransferFixture fixture) : IClassFixture<TransferFixture>
{
    [Theory]
    [InlineData(FineTuning.Frozen, null, new string[0])]
    [InlineData(FineTuning.Partial, null, new[] { "layer4" })]
    [InlineData(FineTuning.Partial, "layer3.1", new[] { "layer3.1", "layer4" })]
    [InlineData(FineTuning.Full, null, new[] { "conv1", "layer1", "layer2", "layer3", "layer4" })]
    public void Exactly_the_chosen_blocks_learn_and_their_BatchNorms_stay(FineTuning mode, string? from, string[] expected)
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, mode);
        options = options with { RestoreBestWeights = false, Transfer = options.Transfer! with { UnfreezeFrom = from } };
        using var untouched = fixture.Run(options with { Epoch = 0, FineTuning = FineTuning.Frozen });
        using var trained = fixture.Run(options);
        var before = TransferFixture.Values(untouched.Network);
        var changed = TransferFixture.Values(trained.Network).Where(entry => !entry.Value.SequenceEqual(before[entry.Key])).Select(entry => entry.Key).ToList();
        var backbone = changed.Where(name => name.StartsWith("backbone.", StringComparison.Ordinal)).Select(name => name["backbone.".Length..]).ToList();
        Assert.All(backbone, name => Assert.Contains(expected, stage => name.StartsWith(stage, StringComparison.Ordinal)));
        Assert.All(expected, stage => Assert.Contains(backbone, name => name.StartsWith(stage, StringComparison.Ordinal)));
        Assert.DoesNotContain(backbone, name => name.Contains("bn", StringComparison.Ordinal) || name.Contains("running", StringComparison.Ordinal));
        Assert.Contains("head.classifier.output.weight", changed);
    }

    [Fact]
    public void BatchNorms_of_the_chosen_blocks_learn_too_where_asked_for_and_are_refused_where_they_are_folded()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial);
        options = options with { RestoreBestWeights = false, Transfer = options.Transfer! with { TrainBatchNorm = true } };
        using var untouched = fixture.Run(options with { Epoch = 0, FineTuning = FineTuning.Frozen });
        using var trained = fixture.Run(options);
        var before = TransferFixture.Values(untouched.Network);
        var norms = TransferFixture.Values(trained.Network).Where(entry => entry.Key.Contains("bn", StringComparison.Ordinal) && !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList();
        Assert.All(norms, entry => Assert.Equal(entry.Key.StartsWith("backbone.layer4.", StringComparison.Ordinal), !entry.Value.SequenceEqual(before[entry.Key])));

        // As after folding: nothing is left of the statistics but a shift.
        using var scope = NewDisposeScope();
        var weights = Safetensors.Load(options.Transfer.Weights!);
        Safetensors.Save(folder["folded.safetensors"], weights.ToDictionary(entry => entry.Key, entry => entry.Key.EndsWith("running_mean", StringComparison.Ordinal) ? zeros_like(entry.Value) : entry.Value));
        var folded = options with { Transfer = options.Transfer with { Weights = folder["folded.safetensors"] } };
        Assert.StartsWith("transfer.trainBatchNorm: the BatchNorm layers of ", Assert.Throws<ConfigurationException>(() => fixture.Run(folded)).Message, StringComparison.Ordinal);
        fixture.Run(folded with { FineTuning = FineTuning.Frozen, Epoch = 1 }).Dispose();
    }

    [Fact]
    public void Phases_follow_each_other_in_one_history_and_the_untrained_head_is_evaluated()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Full);
        using var trained = fixture.Run(options with { Epoch = 10, Transfer = options.Transfer! with { GradualUnfreezing = true } });
        Assert.Equal(Enumerable.Range(1, 12), trained.History.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal([3, 5, 7, 9, 11], trained.History.Events.Where(happened => happened.Kind == TrainingEventKind.Unfrozen).Select(happened => happened.Epoch));
        Assert.InRange(trained.History.Untrained!.ValidationAccuracy, 0, 0.4);
        Assert.True(trained.History.Best()!.ValidationAccuracy > trained.History.Untrained.ValidationAccuracy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Every_phase_of_gradual_unfreezing_trains_on_augmented_images(int views)
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial);
        options = options with
        {
            Epoch = 4,
            Augmentation = new() { Transforms = [new MLNetCnn.Augmentation.RandomHorizontalFlip()] },
            Transfer = options.Transfer! with { UnfreezeFrom = "layer3", GradualUnfreezing = true, AugmentedViews = views },
        };
        using var trained = fixture.Run(options);
        Assert.Equal(6, trained.History.Epochs.Count);
        Assert.True(trained.History.Best()!.ValidationAccuracy > trained.History.Untrained!.ValidationAccuracy);
    }

    [Fact]
    public void A_head_on_the_largest_features_is_exported_as_it_was_trained()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Frozen);
        using var trained = fixture.Run(options with { Transfer = options.Transfer! with { Head = new() { Pooling = FeaturePooling.Max } } });
        trained.ToPackage(new Dictionary<string, double>(), new() { CreatedAt = DateTimeOffset.UtcNow, Dataset = "sample", Commit = "" }).Save(folder["model.zip"]);
        using var model = MLNetCnn.Inference.ImageModel.Load(folder["model.zip"]);
        var test = fixture.Dataset.Test!;
        Assert.All(trained.Probabilities(test).Zip(MLNetCnn.Evaluation.ModelScores.Of(model, test)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void The_model_zip_predicts_as_the_network_does()
    {
        using var folder = new TemporaryFolder();
        using var trained = fixture.Run(fixture.Options(folder, FineTuning.Partial));
        var expected = trained.Probabilities(fixture.Validation);
        using var stream = new MemoryStream();
        Package(trained).Write(stream);
        stream.Position = 0;
        using var model = ImageModel.Load(stream);
        var scores = model.PredictBatch([.. Enumerable.Range(0, 20).Select(fixture.Validation.Image)]).SelectMany(prediction => prediction.Score).ToArray();
        Assert.Equal(expected[..scores.Length], scores, (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void Stages_further_from_the_head_learn_slower_where_asked_for()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Full) with { Epoch = 1, RestoreBestWeights = false };
        options = options with { Transfer = options.Transfer! with { HeadEpoch = 0, StageLearningRateFactor = 0.1 }, Optimizer = new() { Kind = OptimizerKind.Sgd } };
        using var untouched = fixture.Run(options with { Epoch = 0, FineTuning = FineTuning.Frozen });
        using var alike = fixture.Run(options with { BatchSize = 1000, Transfer = options.Transfer with { StageLearningRateFactor = 1 } });
        using var slower = fixture.Run(options with { BatchSize = 1000 });
        var (before, plain, scaled) = (TransferFixture.Values(untouched.Network), TransferFixture.Values(alike.Network), TransferFixture.Values(slower.Network));
        foreach (var (name, factor) in new[] { ("head.classifier.output.weight", 1), ("backbone.layer4.0.conv1.weight", 0.1), ("backbone.layer2.0.conv1.weight", 1e-3) })
        {
            var (move, moved) = (Distance(plain[name], before[name]), Distance(scaled[name], before[name]));
            Assert.Equal(factor, moved / move, factor * 0.05);
        }
    }

    [Fact]
    public void Training_goes_on_from_a_model_zip_and_what_it_knows_of_a_class_goes_to_the_class_of_the_same_name()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial);
        using var first = fixture.Run(options);
        Package(first).Save(folder["first.zip"]);
        var next = new ImageClassificationTrainer.Options { InitialModel = folder["first.zip"], FineTuning = FineTuning.Frozen, Epoch = 0, Sources = options.Sources, Transfer = new() { FrozenPrecision = Precision.Float32 } }.Applied();
        using var same = fixture.Run(next);
        Assert.Equal(first.Probabilities(fixture.Validation), same.Probabilities(fixture.Validation), (a, b) => Math.Abs(a - b) < 1e-3);

        // Other classes: those that it knew, in another order, and a new one.
        string[] names = [.. fixture.Train.ClassNames.Reverse().Take(3), "scarf"];
        var images = ImageSet.FromPixels([.. Enumerable.Range(0, names.Length).SelectMany(i => fixture.Train.Pixels(i).ToArray())], [0, 1, 2, 3], fixture.Train.Shape, names);
        using var other = NetworkTrainer.Train(next, images, null, SilentMonitor.Instance, CancellationToken.None);
        var (before, after) = (TransferFixture.Values(first.Network)["head.classifier.output.weight"], TransferFixture.Values(other.Network)["head.classifier.output.weight"]);
        var width = before.Length / fixture.Train.ClassNames.Count;
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(before[^(width * (row + 1))..(before.Length - (width * row))], after[(width * row)..(width * (row + 1))]);
        }

        Assert.Contains("there is no such file", Assert.Throws<ConfigurationException>(() => (next with { InitialModel = folder["none.zip"] }).Applied()).Message, StringComparison.Ordinal);
    }

    // A block of ResNet-18 has two convolutions with a BatchNorm each, and the first of a stage one more of both.
    [Theory]
    [InlineData(1, "layer4.1")]
    [InlineData(4, "layer4.1")]
    [InlineData(5, "layer4.0")]
    [InlineData(10, "layer4.0")]
    [InlineData(11, "layer3.1")]
    [InlineData(1000, "stem")]
    public void The_last_layers_are_trained_in_whole_blocks(int layers, string first)
    {
        using var scope = NewDisposeScope();
        using var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", fixture.Train.Shape, TransferFixture.Settings);
        Assert.Equal(first, backbone.Blocks[UnfrozenBlocks.First(backbone, FineTuning.Partial, new() { UnfreezeLayers = layers })].Name);
    }

    [Fact]
    public void What_cannot_be_is_said_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial);
        var unknown = Assert.Throws<ConfigurationException>(() => fixture.Run(options with { Transfer = options.Transfer! with { UnfreezeFrom = "layer7" } }).Dispose());
        Assert.Contains("layer7", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("layer3, layer4", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("lenet-5", Assert.Single(new ImageClassificationTrainer.Options { Arch = "lenet-5", FineTuning = FineTuning.Frozen }.Problems()), StringComparison.Ordinal);
        Assert.Contains("2 training images for 10 classes", Assert.Throws<ConfigurationException>(() => NetworkTrainer.Train(options, fixture.Train.Subset([0, 1]), null, SilentMonitor.Instance, CancellationToken.None).Dispose()).Message, StringComparison.Ordinal);
        var misfit = Assert.Throws<ConfigurationException>(() => fixture.Run(options with { ArchSettings = new(new() { ["width"] = 16 }) }).Dispose());
        Assert.True(misfit.Problems.Count > 0);
        Assert.Matches(@"holds another shape than resnet-18 needs: .*conv1\.weight \(\[\d.*\] given, \[16, .*\] needed\), .* \(\d+ in all\)$", misfit.Message);

        // Gradual unfreezing trains the first stages on cached views too.
        var mixing = options with { Augmentation = new() { Transforms = [new MixUp()] } };
        Assert.StartsWith("augmentation mixes images", Assert.Single(mixing.Problems()), StringComparison.Ordinal);
        Assert.Empty((mixing with { FineTuning = FineTuning.Full }).Problems());
        Assert.Single((mixing with { FineTuning = FineTuning.Full, Transfer = mixing.Transfer! with { GradualUnfreezing = true } }).Problems());
        Assert.Single((mixing with { FineTuning = FineTuning.Full, Epoch = 0 }).Problems());
        Assert.Single((options with { Transfer = options.Transfer! with { Head = new() { Hidden = null! } } }).Problems());
    }

    private static ModelPackage Package(TrainedNetwork trained) => trained.ToPackage(new Dictionary<string, double>(), new ModelProvenance
    {
        CreatedAt = DateTimeOffset.UtcNow,
        Seed = 0,
        Dataset = "sample",
        DatasetFingerprint = "",
        Commit = "",
        Libraries = new Dictionary<string, string>(),
    });

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());
}
