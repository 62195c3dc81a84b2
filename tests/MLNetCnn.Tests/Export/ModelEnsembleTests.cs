using MLNetCnn.Architectures;
using MLNetCnn.Evaluation;
using MLNetCnn.Export.Ensembles;
using MLNetCnn.Export.Quantization;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Architectures;
using MLNetCnn.Training;
using MLNetCnn.Transfer;
using static MLNetCnn.Tests.Export.TestModels;

namespace MLNetCnn.Tests.Export;

public sealed class ModelEnsembleTests
{
    private static readonly ImagePreprocessing Small = ImagePreprocessing.ScaleOnly(28, 28, 3);

    [Theory]
    [InlineData(1)]
    [InlineData(0.4)]
    public void It_scores_as_the_weighted_mean_of_its_members_at_its_temperature(double temperature)
    {
        // Networks, sizes and temperatures differ.
        var (first, second) = (LeNet(1, Small), LeNet(2, ImagePreprocessing.ScaleOnly(20, 32, 3), temperature: 2));
        using var images = Images(20, 24, 3, seed: 3);
        var vote = ModelEnsemble.Join([("first", 0.3, first), ("second", 0.7, second)], temperature);

        var members = GreedyEnsemble.Vote([Scores(first, images), Scores(second, images)], [0.3, 0.7]);
        Assert.True(Furthest(Scores(first, images), Scores(second, images)) > 0.05);
        Assert.InRange(Furthest(TemperatureScaling.Apply(members, 4, temperature), Scores(vote, images)), 0, 1e-5);
        Assert.Equal([("first", 0.3), ("second", 0.7)], vote.Metadata.Members!.Select(member => (member.Name, member.Weight)));
    }

    [Fact]
    public void A_backbone_that_members_share_is_in_it_once()
    {
        manual_seed(4);
        var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", new(3, 64, 64), null);
        TestNetworks.Randomise(backbone, rand([2, 3, 64, 64]), images => backbone.Features(images));
        using var one = new TransferNetwork(backbone, new ClassifierHead(new(), [512, 2, 2], 4), ownsBackbone: false);
        using var other = new TransferNetwork(backbone, new ClassifierHead(new() { Hidden = [16] }, [512, 2, 2], 4), ownsBackbone: true);
        one.eval();
        other.eval();
        var preprocessing = ImagePreprocessing.ScaleOnly(64, 64, 3);
        var (first, second) = (Package(one, preprocessing, 4), Package(other, preprocessing, 4));
        using var images = Images(4, 70, 3, seed: 5);
        var vote = ModelEnsemble.Join([("one", 0.5, first), ("other", 0.5, second)]);

        Assert.Equal(Convolutions(first), Convolutions(vote));
        Assert.InRange(vote.Onnx.Length - first.Onnx.Length, 1, 100_000);
        Assert.InRange(Furthest(GreedyEnsemble.Vote([Scores(first, images), Scores(second, images)], [0.5, 0.5]), Scores(vote, images)), 0, 1e-5);

        static int Convolutions(ModelPackage package) => Onnx.ModelProto.Parser.ParseFrom(package.Onnx.Span).Graph.Node.Count(node => node.OpType == "Conv");
    }

    [Fact]
    public void A_vote_may_be_a_member_of_another()
    {
        var (first, second) = (LeNet(1, Small), LeNet(2, ImagePreprocessing.ScaleOnly(20, 32, 3)));
        using var images = Images(5, 24, 3, seed: 3);
        var nested = ModelEnsemble.Join([("vote", 0.5, ModelEnsemble.Join([("first", 0.5, first), ("second", 0.5, second)])), ("first", 0.5, first)]);
        Assert.InRange(Furthest(GreedyEnsemble.Vote([Scores(first, images), Scores(second, images)], [0.75, 0.25]), Scores(nested, images)), 0, 1e-5);
    }

    [Fact]
    public void It_can_be_quantized()
    {
        var (first, second) = (LeNet(1, Small), LeNet(2, ImagePreprocessing.ScaleOnly(20, 32, 3)));
        using var images = Images(30, 24, 3, seed: 3);
        var vote = ModelEnsemble.Join([("first", 0.5, first), ("second", 0.5, second)]);
        Assert.Equal((28, 32), (vote.Metadata.Preprocessing.Height, vote.Metadata.Preprocessing.Width));
        var quantized = ModelQuantizer.Quantize(vote, images);
        Assert.InRange(Furthest(Scores(vote, images), Scores(quantized, images)), 1e-6, 0.05);
        Assert.Throws<ArgumentException>(() => ModelEnsemble.Join([("first", 0.5, first), ("second", 0.5, quantized)]));
    }

    [Fact]
    public void Its_training_can_not_go_on_and_that_is_said()
    {
        using var folder = new TemporaryFolder();
        ModelEnsemble.Join([("trial-1", 0.5, LeNet(1, Small)), ("trial-7", 0.5, LeNet(2, Small))]).Save(folder["vote.zip"]);
        var error = Assert.Throws<ConfigurationException>(() => new ImageClassificationTrainer.Options { InitialModel = folder["vote.zip"], Arch = "lenet-5" }.Applied());
        Assert.Contains("vote.zip is a vote of trial-1, trial-7: give the model of one of them", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_can_not_vote_together_are_refused()
    {
        var member = LeNet(1, Small);
        Assert.Throws<ArgumentException>(() => ModelEnsemble.Join([("alone", 1, member)]));
        var grey = LeNet(1, ImagePreprocessing.ScaleOnly(28, 28, 1));
        Assert.Contains("grey has other classes or channels than rgb", Assert.Throws<ArgumentException>(() => ModelEnsemble.Join([("rgb", 0.5, member), ("grey", 0.5, grey)])).Message, StringComparison.Ordinal);
        var uneven = ModelEnsemble.Join([("first", 0.5, member), ("second", 0.6, LeNet(2, Small))]);
        Assert.Contains("the members' weights are 0.5, 0.6", Assert.Throws<ArgumentException>(() => uneven.Write(Stream.Null)).Message, StringComparison.Ordinal);
    }

    private static ModelPackage LeNet(int seed, ImagePreprocessing preprocessing, double temperature = 1)
    {
        manual_seed(seed);
        using var network = ArchitectureCatalog.Create("lenet-5", new(preprocessing.Channels, preprocessing.Height, preprocessing.Width), 4);
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.mul_(3);
            }
        }

        return Package(network, preprocessing, 4, temperature);
    }
}
