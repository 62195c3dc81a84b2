using MLNetCnn.Evaluation;

namespace MLNetCnn.Tests.Evaluation;

public sealed class GreedyEnsembleTests
{
    [Fact]
    public void Models_that_err_on_different_images_vote_and_one_that_adds_nothing_is_left_out()
    {
        int[] labels = [0, 0, 1, 1];
        float[] first = [0.9f, 0.1f, 0.4f, 0.6f, 0.1f, 0.9f, 0.2f, 0.8f];
        float[] second = [0.8f, 0.2f, 0.9f, 0.1f, 0.55f, 0.45f, 0.2f, 0.8f];
        float[] noise = [0.1f, 0.9f, 0.2f, 0.8f, 0.9f, 0.1f, 0.9f, 0.1f];

        var weights = GreedyEnsemble.Select(labels, [first, second, noise], classes: 2);

        Assert.Equal(1, weights.Sum(), 1e-9);
        Assert.True(weights[0] > 0 && weights[1] > 0);
        Assert.Equal(0, weights[2]);
        var vote = GreedyEnsemble.Vote([first, second, noise], weights);
        Assert.Equal(1, ClassificationEvaluator.Evaluate(labels, vote, 2).MicroAccuracy);
        Assert.Equal((weights[0] * 0.4) + (weights[1] * 0.9), vote[2], 1e-6);
    }

    [Fact]
    public void Of_equally_accurate_votes_the_surer_leads_on()
    {
        // Alone all name three of four images right. Only the last two together name all, and the first, the least sure of them, leads to no such vote.
        int[] labels = [0, 0, 1, 1];
        float[] narrow = [0.51f, 0.49f, 0.51f, 0.49f, 0.49f, 0.51f, 0.51f, 0.49f];
        float[] second = [0.9f, 0.1f, 0.9f, 0.1f, 0.6f, 0.4f, 0.1f, 0.9f];
        float[] third = [0.9f, 0.1f, 0.4f, 0.6f, 0.1f, 0.9f, 0.1f, 0.9f];

        Assert.Equal([0, 0.5, 0.5], GreedyEnsemble.Select(labels, [narrow, second, third], classes: 2));
    }

    [Fact]
    public void A_vote_that_is_only_surer_is_not_worth_its_cost()
    {
        int[] labels = [0, 1];
        float[] first = [0.6f, 0.4f, 0.1f, 0.9f];
        float[] second = [0.9f, 0.1f, 0.4f, 0.6f];

        Assert.Equal(1, GreedyEnsemble.Select(labels, [first, second], classes: 2).Max());
    }
}
