using MLNetCnn.Evaluation;

namespace MLNetCnn.Tests.Evaluation;

public sealed class GreedyEnsembleTests
{
    // Images of two classes and four kinds, fifty of each kind; a model is told by what it gives the right class of each kind.
    private const int OfEach = 50;
    private static readonly int[] Labels = [.. Enumerable.Repeat<int[]>([0, 0, 1, 1], OfEach).SelectMany(label => label)];

    [Fact]
    public void Models_that_err_on_different_images_vote_and_one_that_adds_nothing_is_left_out()
    {
        float[] first = Model(0.9f, 0.4f, 0.9f, 0.8f), second = Model(0.8f, 0.9f, 0.45f, 0.8f), noise = Model(0.1f, 0.2f, 0.1f, 0.1f);

        var weights = GreedyEnsemble.Select(Labels, [first, second, noise], classes: 2);

        Assert.Equal(1, weights.Sum(), 1e-9);
        Assert.True(weights[0] > 0 && weights[1] > 0);
        Assert.Equal(0, weights[2]);
        var vote = GreedyEnsemble.Vote([first, second, noise], weights);
        Assert.Equal(1, ClassificationEvaluator.Evaluate(Labels, vote, 2).MicroAccuracy);
        Assert.Equal((weights[0] * 0.4) + (weights[1] * 0.9), vote[2], 1e-6);
    }

    [Fact]
    public void Of_equally_accurate_votes_the_surer_is_taken()
    {
        float[] narrow = Model(0.6f, 0.6f, 0.45f, 0.6f), sure = Model(0.9f, 0.9f, 0.45f, 0.9f), other = Model(0.7f, 0.4f, 0.9f, 0.7f);

        var weights = GreedyEnsemble.Select(Labels, [narrow, sure, other], classes: 2);

        Assert.Equal(0, weights[0]);
        Assert.True(weights[1] > 0 && weights[2] > 0);
    }

    [Fact]
    public void One_image_more_or_less_hardly_changes_the_weights()
    {
        var random = new Random(1);
        float[][] models = [.. Enumerable.Range(0, 4).Select(_ => Model([.. Labels.Select(_ => 0.3f + (0.7f * random.NextSingle()))]))];
        var whole = GreedyEnsemble.Select(Labels, models, classes: 2);

        var changes = Enumerable.Range(1, 8).Select(less =>
            GreedyEnsemble.Select(Labels.AsSpan(less), [.. models.Select(model => model[(2 * less)..])], classes: 2)
                .Zip(whole, (one, other) => Math.Abs(one - other)).Max());

        Assert.InRange(changes.Max(), 0, 0.06);
    }

    [Fact]
    public void A_vote_that_is_only_surer_is_not_worth_its_cost()
    {
        float[] first = Model(0.6f, 0.6f, 0.9f, 0.9f), second = Model(0.9f, 0.9f, 0.6f, 0.6f);

        Assert.Equal(1, GreedyEnsemble.Select(Labels, [first, second], classes: 2).Max());
    }

    private static float[] Model(params float[] right) =>
        [.. Labels.SelectMany((label, image) => Row(label, right[image % right.Length]))];

    private static float[] Row(int label, float right) => label == 0 ? [right, 1 - right] : [1 - right, right];
}
