using MLNetCnn.Evaluation;

namespace MLNetCnn.Tests.Evaluation;

public sealed class ClassClustersTests
{
    [Fact]
    public void Classes_that_are_confused_stand_together()
    {
        // Three groups, scattered over the labels: 0 3 6, 1 4 7, 2 5 8.
        var matrix = Enumerable.Range(0, 9).Select(i => (IReadOnlyList<int>)[.. Enumerable.Range(0, 9).Select(j => i == j ? 80 : i % 3 == j % 3 ? 9 : 0)]).ToArray();

        var order = ClassClusters.Order(matrix);

        Assert.Equal(Enumerable.Range(0, 9), order.Order());
        Assert.All(order.Chunk(3), group => Assert.Single(group.Select(label => label % 3).Distinct()));
    }

    [Fact]
    public void Clusters_are_joined_by_their_most_alike_ends()
    {
        // A chain 2 – 0 – 3 – 1, each link weaker than the one before.
        var matrix = new int[4][];
        for (var i = 0; i < 4; i++)
        {
            matrix[i] = new int[4];
            matrix[i][i] = 60;
        }

        (matrix[2][0], matrix[0][3], matrix[3][1]) = (30, 20, 10);

        var order = ClassClusters.Order(matrix);

        Assert.True(order.SequenceEqual([2, 0, 3, 1]) || order.SequenceEqual([1, 3, 0, 2]), string.Join(' ', order));
    }

    [Fact]
    public void Without_confusions_the_order_is_kept()
    {
        var matrix = Enumerable.Range(0, 5).Select(i => (IReadOnlyList<int>)[.. Enumerable.Range(0, 5).Select(j => i == j ? 10 : 0)]).ToArray();

        Assert.Equal([0, 1, 2, 3, 4], ClassClusters.Order(matrix));
    }
}
