using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;
using MLNetCnn.Imaging;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Augmentation;

public sealed class AugmentationSettingsTests
{
    private static readonly Transform[] All =
    [
        new RandomHorizontalFlip(), new RandomVerticalFlip { Probability = 0.1 }, new RandomRotation(0.1) { FillMode = FillMode.Edge }, new RandomTranslation(0.1, 0.2), new RandomZoom(0.2),
        new RandomZoom(0.2, 0.3), new RandomShear(0.1), new RandomCrop(3) { FillMode = FillMode.Reflect }, new RandomResizedCrop(0.5), new RandomBrightness(0.1), new RandomContrast(0.1),
        new RandomSaturation(0.1), new RandomHue(0.1), new ColorJitter(Hue: 0.2), new GaussianNoise(0.01), new GaussianBlur(5, 1, 3), new RandomErasing { RandomValues = true },
        new TrivialAugmentWide { MagnitudeBins = 11 }, new RandAugment(3, 5), new MixUp { Probability = 0.5 }, new CutMix(0.5) { Probability = 0.5 },
    ];

    [Fact]
    public void Every_transform_is_the_same_after_JSON_and_its_defaults_need_not_be_written()
    {
        var options = new ImageClassificationTrainer.Options { FineTuning = FineTuning.Scratch, Augmentation = new() { Transforms = All, KeepOriginals = true } };
        options.Validate();
        var again = JsonSerializer.Deserialize<ImageClassificationTrainer.Options>(JsonSerializer.Serialize(options, RecordJson.Options), RecordJson.Options)!.Augmentation!;
        Assert.True(again.KeepOriginals);
        Assert.Equal(All, again.Transforms);
        Assert.Equal(typeof(Transform).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Transform)) && !type.IsAbstract), All.Select(transform => transform.Kind).Distinct().Count());
        Assert.Equal(new RandomCrop(4), Read("""{ "kind": "randomCrop" }"""));
        Assert.Equal(new RandAugment(2, 9), Read("""{ "kind": "randAugment" }"""));
        Assert.Equal(new RandomRotation(0.1) { Probability = 0.5 }, Read("""{ "factor": 0.1, "probability": 0.5, "kind": "randomRotation" }"""));
    }

    [Fact]
    public void The_settings_stand_in_the_run_record()
    {
        var plan = new RunPlan { Name = "run", Options = new() { Augmentation = new() { Transforms = [new RandomHorizontalFlip(), new RandomZoom(0.2)] } } };
        var settings = plan.Settings();
        Assert.Equal("randomZoom", settings["augmentation.transforms[1].kind"]);
        Assert.Equal("0.2", settings["augmentation.transforms[1].heightFactor"]);
        Assert.Equal("False", settings["augmentation.keepOriginals"]);
    }

    [Fact]
    public void All_problems_are_named_at_once_with_their_place()
    {
        var settings = new AugmentationSettings
        {
            Transforms =
            [
                new RandomRotation(15), new RandomZoom(double.NaN), new RandomCrop(0), new RandomResizedCrop(0.9, 0.5), new GaussianBlur(4), new RandomErasing { Probability = 2 },
                new RandAugment(2, 31), new MixUp(), new CutMix(), new ColorJitter(),
            ],
        };
        var problems = Assert.Throws<ConfigurationException>(() => new ImageClassificationTrainer.Options { FineTuning = FineTuning.Scratch, BatchSize = 0, Augmentation = settings }.Validate()).Problems;
        foreach (var start in new[]
        {
            "batchSize is 0", "augmentation.transforms[0] randomRotation.factor is 15", "augmentation.transforms[1] randomZoom.heightFactor is NaN", "augmentation.transforms[2] randomCrop.padding is 0",
            "augmentation.transforms[3] randomResizedCrop.minScale and maxScale are 0.9 and 0.5", "augmentation.transforms[4] gaussianBlur.kernelSize is 4", "augmentation.transforms[5] randomErasing.probability is 2",
            "augmentation.transforms[6] randAugment.magnitude is 31", "augmentation.transforms[9] colorJitter.brightness, contrast", "augmentation mixes images with mixUp and cutMix",
        })
        {
            Assert.Contains(problems, problem => problem.StartsWith(start, StringComparison.Ordinal));
        }

        Assert.Equal(10, problems.Count);
    }

    [Theory]
    [InlineData("""{ "transforms": [{ "kind": "randomFlip" }] }""", "'randomFlip' is no transform", "randomHorizontalFlip")]
    [InlineData("""{ "transforms": [{ "factor": 0.1 }] }""", "without a kind", "randomRotation")]
    [InlineData("""{ "transforms": ["mixUp"] }""", "without a kind", "mixUp")]
    [InlineData("""{ "transforms": [{ "kind": "randomRotation", "degrees": 36 }] }""", "randomRotation: 'degrees' is no field", "")]
    [InlineData("""{ "transforms": [{ "kind": "randomRotation", "factor": "much" }] }""", "randomRotation: $.factor", "a number")]
    [InlineData("""{ "transforms": [{ "kind": "randomZoom", "heightFactor": 0.1, "fillMode": "black" }] }""", "$.fillMode", "reflect, constant, edge")]
    [InlineData("""{ "transforms": [{ "kind": "randomZoom", "heightFactor": 0.1, "fillMode": 7 }] }""", "$.fillMode", "reflect, constant, edge")]
    [InlineData("""{ "transforms": [] }""", "augmentation.transforms is empty", "")]
    [InlineData("""{ "transforms": [null] }""", "augmentation.transforms[0] is null", "")]
    [InlineData("null", "holds null", "")]
    public void A_file_that_is_wrong_is_named_with_the_rule(string text, string problem, string rule)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["augmentation.json"], text);
        var message = Assert.Throws<ConfigurationException>(() => AugmentationCatalog.Load(folder["augmentation.json"])).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains(rule, message, StringComparison.Ordinal);
        Assert.Contains("augmentation.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_named_augmentations_are_sound()
    {
        Assert.All(AugmentationCatalog.Names, name => Assert.Empty(AugmentationCatalog.Load(name).Problems()));
        var message = Assert.Throws<ConfigurationException>(() => AugmentationCatalog.Load("strnog")).Message;
        Assert.Contains("'strnog'", message, StringComparison.Ordinal);
        Assert.Contains("light, standard, strong, trivial, randaugment", message, StringComparison.Ordinal);
    }

    private static Transform? Read(string json) => JsonSerializer.Deserialize<Transform>(JsonNode.Parse(json), RecordJson.Options);
}
