namespace MLNetCnn.AutoML;

/// <summary>A tree that predicts a number: every split is the one that leaves the least variance (Breiman et al. 1984, CART).</summary>
internal sealed class RegressionTree
{
    private const int LeastInLeaf = 3;

    private readonly double[][] _columns;
    private readonly double[] _targets;
    private readonly Node _root;

    /// <param name="columns">The features: <c>[features][rows]</c>.</param>
    /// <param name="targets">What is predicted of each row.</param>
    /// <param name="rows">The rows to learn from; one may come several times.</param>
    public RegressionTree(double[][] columns, double[] targets, int[] rows)
    {
        (_columns, _targets) = (columns, targets);
        _root = Grow(rows);
    }

    /// <summary>The prediction of a row.</summary>
    /// <param name="features">Its features.</param>
    public double Predict(Func<int, double> features)
    {
        var node = _root;
        while (node.Below is { } below)
        {
            node = features(node.Feature) <= node.Threshold ? below : node.Above!;
        }

        return node.Mean;
    }

    private Node Grow(int[] rows)
    {
        var mean = rows.Average(row => _targets[row]);
        var (feature, threshold, gain) = (-1, 0.0, 1e-12);
        for (var candidate = 0; candidate < _columns.Length; candidate++)
        {
            var (at, gained) = BestSplit(rows, candidate);
            if (gained > gain)
            {
                (feature, threshold, gain) = (candidate, at, gained);
            }
        }

        if (feature < 0)
        {
            return new(mean);
        }

        var column = _columns[feature];
        return new(mean, feature, threshold, Grow([.. rows.Where(row => column[row] <= threshold)]), Grow([.. rows.Where(row => !(column[row] <= threshold))]));
    }

    // The sum of squares is least where the squares of the sums over the counts are largest.
    private (double Threshold, double Gain) BestSplit(int[] rows, int feature)
    {
        var column = _columns[feature];
        var (values, targets) = (rows.Select(row => column[row]).ToArray(), rows.Select(row => _targets[row]).ToArray());
        Array.Sort(values, targets);
        var all = targets.Sum();
        var (below, threshold, best) = (0.0, 0.0, double.NegativeInfinity);
        for (var count = 1; count <= targets.Length - LeastInLeaf; count++)
        {
            below += targets[count - 1];
            if (count < LeastInLeaf || values[count - 1] == values[count])
            {
                continue;
            }

            var squares = (below * below / count) + ((all - below) * (all - below) / (targets.Length - count));
            if (squares > best)
            {
                (threshold, best) = (values[count - 1], squares);
            }
        }

        return (threshold, best - (all * all / targets.Length));
    }

    private sealed record Node(double Mean, int Feature = -1, double Threshold = 0, Node? Below = null, Node? Above = null);
}
