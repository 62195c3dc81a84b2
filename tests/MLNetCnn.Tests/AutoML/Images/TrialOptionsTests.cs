using MLNetCnn.AutoML;
using MLNetCnn.Training;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class TrialOptionsTests
{
    private static readonly ImageClassificationTrainer.Options Shared = new()
    {
        Epoch = 7,
        EarlyStoppingCriteria = null,
        Transfer = new() { UnfreezeFrom = "layer3", Head = new() { L2 = 0.5 } },
    };

    [Fact]
    public void What_is_chosen_goes_over_what_is_shared_and_all_else_stays()
    {
        var options = TrialOptions.Of(Shared, Parameter.Parse(
            """{ "arch": "resnet-18", "imageSize": 96, "learningRate": 0.02, "optimizer.kind": "adamW", "transfer.head.hidden": 128, "transfer.head.dropout": 0.25, "augmentation": "light" }"""));

        Assert.Equal(("resnet-18", 96, 96, 0.02, 7), (options.Arch, options.ImageHeight, options.ImageWidth, options.LearningRate, options.Epoch));
        Assert.Equal(OptimizerKind.AdamW, options.Optimizer.Kind);
        Assert.Equal([128], options.Transfer!.Head.Hidden);
        Assert.Equal((0.25, 0.5, "layer3"), (options.Transfer.Head.Dropout, options.Transfer.Head.L2, options.Transfer.UnfreezeFrom));
        Assert.Equal(2, options.Augmentation!.Transforms.Count);
        Assert.Null(options.EarlyStoppingCriteria);
    }

    [Fact]
    public void None_takes_away_and_nought_hidden_units_are_no_layer()
    {
        var options = TrialOptions.Of(
            Shared with { Augmentation = new() { Transforms = [] } }, Parameter.Parse("""{ "augmentation": "none", "transfer.head.hidden": 0 }"""));

        Assert.Null(options.Augmentation);
        Assert.Empty(options.Transfer!.Head.Hidden);
    }

    [Fact]
    public void A_name_that_is_no_setting_is_refused()
    {
        var problem = Assert.Throws<ConfigurationException>(() => TrialOptions.Of(Shared, Parameter.Parse("""{ "learningRat": 0.1 }""")));
        Assert.Contains("'learningRat'", problem.Message, StringComparison.Ordinal);
    }
}
