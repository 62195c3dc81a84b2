using System.Text.Json;
using MLNetCnn.Architectures;

namespace MLNetCnn.Tests.Architectures;

public sealed class ArchitectureTests
{
    private static readonly ImageShape Fashion = new(1, 28, 28);
    private static readonly ImageShape Cifar = new(3, 32, 32);

    // The studies' figures, and torchvision's for its own networks.
    public static TheoryData<string, ImageShape, int, long> Published => new()
    {
        { "convnn-1", Fashion, 10, 542_230 },
        { "convnn-2", Fashion, 10, 542_230 },
        { "convnn-3", Fashion, 10, 279_126 },
        { "convnn-3a", Fashion, 10, 279_126 },
        { "convnn-4", Fashion, 10, 3_163_426 },
        { "convnn-6", Fashion, 10, 541_983 },
        { "convnn-7", Fashion, 10, 1_995 },
        { "convnn-8", Fashion, 10, 721_430 },
        { "lenet-5", Fashion, 10, 61_706 },
        { "lenet-5", Cifar, 20, 83_976 },
        { "resnet-34-keras", Cifar, 20, 21_311_956 },
        // torchvision's vgg16_bn has 138 365 992 for 1000 classes, and as many features; 8 448 statistics come on top.
        { "vgg-16-cifar", Cifar, 20, 138_365_992 - (980 * 4097) + 8_448 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void A_network_has_the_published_number_of_parameters(string name, ImageShape input, int classes, long parameters)
    {
        using var network = ArchitectureCatalog.Create(name, input, classes);
        Assert.Equal(parameters, NetworkSummary.Count(network).Total);
        Assert.Equal(parameters, NetworkSummary.Of(network, input).Sum(layer => layer.Parameters));
    }

    // As study 2 describes them: no pools in the one, two of 3×3 in the other.
    [Theory]
    [InlineData("alexnet-cifar", "96:6 256:6 384:6 384:6 256:6 | 9216 4096 4096 20")]
    [InlineData("vgg-16-cifar", "64:32 64:32 pool:15 128:15 128:15 pool:7 256:7 256:7 256:7 512:7 512:7 512:7 512:7 512:7 512:7 | 25088 4096 4096 20")]
    public void The_forms_for_small_images_have_the_studys_maps_and_dense_layers(string name, string form)
    {
        using var network = ArchitectureCatalog.Create(name, Cifar, 20);
        Assert.Equal(form, string.Join(' ', NetworkSummary.Of(network, Cifar).Select(layer => layer.Type switch
        {
            "Conv2d" => $"{layer.OutputShape[0]}:{layer.OutputShape[1]}",
            "MaxPool2d" => $"pool:{layer.OutputShape[1]}",
            "Flatten" => $"| {layer.OutputShape[0]}",
            "Linear" => $"{layer.OutputShape[0]}",
            _ => "",
        }).Where(part => part.Length > 0)));
    }

    // Study 3's residual net is this one with a dense layer of 1000: its figure confirms biases and plain shortcuts.
    [Fact]
    public void The_Keras_residual_net_with_1000_units_has_the_animals_studys_number_of_parameters()
    {
        using var network = ArchitectureCatalog.Create("resnet-18-keras", new(3, 100, 100), 5, Settings("""{ "hidden": 1000 }"""));
        Assert.Equal(11_705_333, NetworkSummary.Count(network).Total);
    }

    // The figure of the publication counts what is trained; the statistics of BatchNorm come on top.
    [Fact]
    public void ResNet9_has_the_published_number_of_trained_parameters()
    {
        using var network = ArchitectureCatalog.Create("resnet-9", Cifar, 10);
        Assert.Equal(6_573_120, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Every_architecture_gives_one_logit_per_class_for_its_smallest_images_and_its_own_description()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var architecture in ArchitectureCatalog.All.Where(architecture => architecture.Family != "VGG" && architecture.Family != "AlexNet"))
        {
            var input = new ImageShape(3, architecture.MinimumSize, architecture.MinimumSize + 3);
            using var network = ArchitectureCatalog.Create(architecture.Name, input, 7);
            network.eval();
            Assert.Equal([2, 7], network.call(rand([2, 3, input.Height, input.Width])).shape);
            Assert.All([architecture.Description, architecture.Paper, architecture.Family], Assert.NotEmpty);
        }
    }

    [Fact]
    public void A_summary_lists_the_layers_as_Keras_does()
    {
        using var network = ArchitectureCatalog.Create("convnn-2", Fashion, 10);
        Assert.Equal(
            [
                "features.conv1 Conv2d [32, 26, 26] 320",
                "features.relu1 ReLU [32, 26, 26] 0",
                "features.pool1 MaxPool2d [32, 13, 13] 0",
                "features.dropout Dropout [32, 13, 13] 0",
                "classifier.flatten Flatten [5408] 0",
                "classifier.dense1 Linear [100] 540900",
                "classifier.activation1 ReLU [100] 0",
                "classifier.output Linear [10] 1010",
            ],
            NetworkSummary.Of(network, Fashion).Select(layer => $"{layer.Name} {layer.Type} [{string.Join(", ", layer.OutputShape)}] {layer.Parameters}"));
        Assert.True(network.training);
    }

    [Fact]
    public void Frozen_parameters_and_statistics_count_but_do_not_train()
    {
        using var network = ArchitectureCatalog.Create("resnet-18", Cifar, 10);
        var (total, trainable) = NetworkSummary.Count(network);
        Assert.Equal(2 * 4800, total - trainable);
        network.requires_grad_(false);
        Assert.Equal(new ParameterCounts(total, 0), NetworkSummary.Count(network));
    }

    [Fact]
    public void Networks_published_with_Keras_start_as_Keras_starts_them()
    {
        manual_seed(1);
        using var network = ArchitectureCatalog.Create("convnn-1", Fashion, 10);
        foreach (var (name, parameter) in network.named_parameters())
        {
            var values = parameter.ToArray<float>();
            var shape = parameter.shape;
            var kernel = shape.Skip(2).Aggregate(1L, (a, b) => a * b);
            var bound = parameter.dim() == 1 ? 0 : Math.Sqrt(6.0 / ((shape[0] + shape[1]) * kernel));
            Assert.Equal(bound, values.Max(Math.Abs), bound * 0.05);
            Assert.True(parameter.dim() == 1 || values.Min() < 0, name);
        }
    }

    [Fact]
    public void The_mlp_grid_is_a_matter_of_settings()
    {
        using var best = ArchitectureCatalog.Create("mlp", Fashion, 10);
        Assert.Equal((784 * 500) + 500 + (2 * ((500 * 500) + 500)) + 5010, NetworkSummary.Count(best).Total);
        using var other = ArchitectureCatalog.Create("mlp", Fashion, 10, Settings("""{ "layers": 1, "units": 20, "activation": "tanh", "dropout": 0.5, "initializer": "he_normal" }"""));
        Assert.Equal(["Flatten", "Linear", "Tanh", "Dropout", "Linear"], NetworkSummary.Of(other, Fashion).Select(layer => layer.Type));
    }

    [Fact]
    public void Small_images_get_a_small_stem_unless_told_otherwise()
    {
        using var small = ArchitectureCatalog.Create("resnet-18", Cifar, 10);
        using var large = ArchitectureCatalog.Create("resnet-18", Cifar, 10, Settings("""{ "stem": "imagenet" }"""));
        Assert.Equal([64, 32, 32], NetworkSummary.Of(small, Cifar)[0].OutputShape);
        Assert.Equal([64, 16, 16], NetworkSummary.Of(large, Cifar)[0].OutputShape);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() => ArchitectureCatalog.Create(
            "alexnet", new(2, 28, 28), 1, Settings("""{ "dropout": 2, "droput": 0.1 }""")));
        Assert.Equal(
            [
                "images have 2 channels: networks take 1 (grey) or 3 (RGB)",
                "images are 28×28×2: alexnet takes at least 63×63 pixels",
                "there are 1 classes: a network takes at least 2",
                "alexnet's setting dropout is 2: it takes a number from 0 to 0.99",
                "alexnet has no setting 'droput': it takes dropout, hidden",
            ],
            error.Problems);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_close_ones()
    {
        var error = Assert.Throws<ConfigurationException>(() => ArchitectureCatalog.Create("resnet-19", Cifar, 10));
        Assert.StartsWith("there is no architecture 'resnet-19', did you mean 'resnet-18'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'mlnetcnn inspect' lists all", error.Message, StringComparison.Ordinal);
        Assert.Equal("resnet-19", ArchitectureCatalog.Canonical("resnet-19"));
    }

    [Fact]
    public void Names_may_be_written_as_other_libraries_write_them()
    {
        Assert.All(["resnet18", "ResNet_18", "RESNET-18"], name => Assert.Equal("resnet-18", ArchitectureCatalog.Canonical(name)));
        Assert.Equal("mobilenet-v2", ArchitectureCatalog.Get("MobileNetV2").Name);
        Assert.All(ArchitectureCatalog.All, architecture => Assert.Same(architecture, ArchitectureCatalog.Get(architecture.Name.Replace("-", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void Only_backbones_come_without_a_head()
    {
        Assert.False(ArchitectureCatalog.Get("lenet-5").IsBackbone);
        var error = Assert.Throws<ConfigurationException>(() => ArchitectureCatalog.CreateBackbone("lenet-5", new(3, 8, 8)));
        Assert.Equal(2, error.Problems.Count);
        Assert.Contains("lenet-5 is no backbone: these are", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ConfigurationException>(() => ArchitectureCatalog.CreateBackbone("ResNet50", new(3, 28, 28)));
        Assert.Contains("images are 28×28×3: resnet-50 takes at least 32×32 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_survive_JSON()
    {
        var settings = Settings("""{ "dropout": 0.25, "activation": "tanh" }""");
        Assert.Equal("""{"dropout":0.25,"activation":"tanh"}""", JsonSerializer.Serialize(settings));
    }

    private static ArchitectureSettings Settings(string json) => JsonSerializer.Deserialize<ArchitectureSettings>(json)!;
}
