using MLNetCnn.AutoML;
using MLNetCnn.Testing;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class DefaultSearchSpacesTests
{
    private const int Drawn = 60;

    [Theory]
    [InlineData(28, 1, 54_000, 1800.0, "scratch")]
    [InlineData(28, 1, 54_000, 60.0, "scratch")]
    [InlineData(32, 3, 9_000, 1800.0, "partial")]
    [InlineData(224, 3, 2_400, 3600.0, "partial")]
    [InlineData(224, 3, 20_000, 60.0, "frozen")]
    [InlineData(224, 3, 2_400, 3600.0, "partial", "beagle", "Great Dane", "unheard_of")]
    public void Every_parameter_makes_settings_that_the_images_can_be_trained_with(int size, int channels, int images, double seconds, string dearest, params string[] classes)
    {
        var shape = new ImageShape(channels, size, size);
        var space = DefaultSearchSpaces.For(shape, size, classes, images, images * 5 / 4, seconds, ["mobilenet-v2"], "cpu");
        var tuner = TunerCatalog.Create("random", space, seed: 1);
        var drawn = Enumerable.Range(0, Drawn).Select(number => tuner.Propose(new TrialSettings { TrialId = number, Parameter = Parameter.Empty })!).Append(space.Default).ToArray();

        Assert.Equal(SearchSpaceJson.Write(space), SearchSpaceJson.Write(SearchSpaceJson.Parse(SearchSpaceJson.Write(space), "the space")));
        Assert.All(drawn, parameter =>
        {
            Assert.Empty(space.Problems(parameter));
            var options = TrialOptions.Of(TrialOptions.Default, parameter);
            var seen = options.ImageSize is { } resized ? shape with { Height = resized.Height, Width = resized.Width } : shape;
            Assert.Empty(options.Problems(seen));
        });
        Assert.Equal(classes.Length > 0, drawn.Any(parameter => parameter.ContainsKey("transfer.head.knownClasses")));
        Assert.Contains(drawn, parameter => parameter["fineTuning"].AsType<string>() == dearest);
        Assert.DoesNotContain(drawn, parameter => dearest == "frozen" && parameter["fineTuning"].AsType<string>() != "frozen");
    }

    [Fact]
    public void Backbones_whose_weights_cannot_be_had_are_named_with_the_reason_where_they_would_be_searched()
    {
        using var folder = new TemporaryFolder();
        var options = TrialOptions.Default with { Sources = new() { CacheFolder = folder.Path, Offline = true } };
        AvailableBackbones Available(ImageShape images, int count) => DefaultSearchSpaces.Available(options, images, count, progress: null, TestContext.Current.CancellationToken);

        var photos = Available(new ImageShape(3, 224, 224), count: 2_400);
        Assert.DoesNotContain("resnet-50", photos.Names);
        Assert.Contains("resnet50-imagenet was not found", photos.Missing["resnet-50"], StringComparison.Ordinal);
        Assert.Same(AvailableBackbones.None, Available(new ImageShape(1, 28, 28), count: 54_000));
    }

    [Theory]
    [InlineData("Great Dane", false)]
    [InlineData("unheard_of", true)]
    public void No_network_is_trained_as_a_whole_for_classes_that_its_weights_know(string name, bool whole)
    {
        var space = DefaultSearchSpaces.For(new ImageShape(3, 224, 224), side: 224, [name], trainImages: 2400, allImages: 3000, seconds: 3600, ["mobilenet-v2"], "cpu");

        Assert.Equal(whole, SearchStage.Of(space).Any(stage => stage.Space.Default["fineTuning"].AsType<string>() == "full"));
    }

    [Fact]
    public void Only_backbones_that_know_the_classes_begin_as_they_know_them_and_the_others_may_have_layers()
    {
        string[] classes = ["beagle", "Great Dane"];
        var space = DefaultSearchSpaces.For(new ImageShape(3, 224, 224), side: 224, classes, trainImages: 2400, allImages: 3000, seconds: 600, ["mobilenet-v2", "resnet-18"], "cpu");
        var tuner = TunerCatalog.Create("random", space, seed: 1);
        var drawn = Enumerable.Range(0, Drawn).Select(number => tuner.Propose(new TrialSettings { TrialId = number, Parameter = Parameter.Empty })!).ToLookup(parameter => parameter["arch"].AsType<string>());

        Assert.All(drawn["mobilenet-v2"], parameter => Assert.True(parameter.ContainsKey("transfer.head.knownClasses")));
        Assert.All(drawn["resnet-18"], parameter => Assert.False(parameter.ContainsKey("transfer.head.knownClasses")));
        Assert.All(drawn["resnet-18"], parameter => Assert.True(parameter.ContainsKey("transfer.head.hidden")));
        Assert.All(drawn["resnet-18"], parameter => Assert.Equal("frozen", parameter["fineTuning"].AsType<string>()));
        Assert.InRange(drawn["resnet-18"].Count(), 5, Drawn - 5);
    }
}
