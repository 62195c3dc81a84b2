using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class TransferPlanTests
{
    private const double HalfAnHour = 1800;

    private static readonly IReadOnlyList<(string, double)> Backbones = [("resnet-50", 0.0135), ("mobilenet-v2", 0.003)];

    [Fact]
    public void Small_photos_are_not_enlarged_for_nothing()
    {
        var plan = TransferPlan.For(side: 64, trainImages: 3840, allImages: 5120, HalfAnHour, Backbones);

        Assert.Equal([256, 224, 192], plan.Frozen["resnet-50"]);
        Assert.Equal([256, 224], plan.Partial["resnet-50"]);
    }

    [Fact]
    public void A_third_size_is_for_the_vote_where_it_costs_little()
    {
        Assert.Equal([320, 288, 256], TransferPlan.For(side: 300, trainImages: 3840, allImages: 5120, HalfAnHour, Backbones).Frozen["resnet-50"]);
        Assert.Equal([320, 288], TransferPlan.For(side: 300, trainImages: 3840, allImages: 5120, HalfAnHour / 2, Backbones).Frozen["resnet-50"]);
    }

    [Fact]
    public void A_whole_network_is_trained_at_twice_the_photos_size_or_more_where_there_is_time_for_the_last_stages_too()
    {
        var half = TransferPlan.For(side: 64, trainImages: 3840, allImages: 5120, HalfAnHour, Backbones);
        Assert.Equal((string[])["mobilenet-v2"], half.Full.Keys);
        Assert.Equal([224], half.Full["mobilenet-v2"]);
        var plan = TransferPlan.For(side: 64, trainImages: 3840, allImages: 5120, 4 * HalfAnHour / 3, Backbones);
        Assert.Equal([256, 224], plan.Partial["resnet-50"]);
        Assert.Equal([128], plan.Full["resnet-50"]);
        Assert.Equal([160], TransferPlan.For(side: 64, trainImages: 3840, allImages: 5120, 2 * HalfAnHour, Backbones).Full["resnet-50"]);
    }

    [Fact]
    public void A_whole_network_is_not_trained_on_less_than_photos_show()
    {
        var plan = TransferPlan.For(side: 300, trainImages: 3840, allImages: 5120, HalfAnHour, Backbones);

        Assert.Empty(plan.Full);
        Assert.Equal([224], TransferPlan.For(side: 300, trainImages: 3840, allImages: 5120, 5 * HalfAnHour, Backbones).Full["resnet-50"]);
    }

    [Fact]
    public void What_costs_more_is_offered_where_there_is_time_for_it()
    {
        Assert.Equal(["layer4"], TransferPlan.For(300, trainImages: 3840, allImages: 5120, HalfAnHour, Backbones).Depths["resnet-50"]);
        Assert.Equal(["layer4", "layer3"], TransferPlan.For(300, trainImages: 3840, allImages: 5120, 4 * HalfAnHour, Backbones).Depths["resnet-50"]);
    }

    [Fact]
    public void With_hardly_any_time_the_fastest_backbone_is_tried_at_the_smallest_size()
    {
        var plan = TransferPlan.For(300, trainImages: 50_000, allImages: 60_000, time: 10, Backbones);

        Assert.Equal((string[])["mobilenet-v2"], plan.Frozen.Keys);
        Assert.Equal([96], plan.Frozen["mobilenet-v2"]);
        Assert.Empty(plan.Partial);
        Assert.Empty(plan.Full);
    }
}
