namespace MLNetCnn.Evaluation;

/// <summary>
/// An order of classes in which those that are confused stand together: average-linkage clustering (Sokal and Michener 1958) of the shares of each class that
/// are named another, clusters being joined by their most alike ends.
/// </summary>
public static class ClassClusters
{
    /// <summary>The order, as places in the matrix.</summary>
    /// <param name="confusionMatrix">Counts <c>[true class][named class]</c>, square.</param>
    public static IReadOnlyList<int> Order(IReadOnlyList<IReadOnlyList<int>> confusionMatrix)
    {
        var alike = Alike(confusionMatrix);
        var clusters = Enumerable.Range(0, confusionMatrix.Count).Select(label => new List<int> { label }).ToList();
        while (clusters.Count > 1)
        {
            var (first, second) = Closest(clusters, alike);
            var joined = Join(clusters[first], clusters[second], alike);
            clusters.RemoveAt(second);
            clusters[first] = joined;
        }

        return clusters is [var order] ? order : [];
    }

    private static double[,] Alike(IReadOnlyList<IReadOnlyList<int>> counts)
    {
        var alike = new double[counts.Count, counts.Count];
        double Share(int truth, int named) => counts[truth].Sum() is > 0 and var all ? (double)counts[truth][named] / all : 0;
        for (var i = 0; i < counts.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                alike[i, j] = alike[j, i] = Share(i, j) + Share(j, i);
            }
        }

        return alike;
    }

    // Of equally close ones the first: the order of the classes is kept where nothing is confused.
    private static (int First, int Second) Closest(List<List<int>> clusters, double[,] alike)
    {
        var (best, pair) = (-1.0, (0, 1));
        for (var i = 0; i < clusters.Count; i++)
        {
            for (var j = i + 1; j < clusters.Count; j++)
            {
                var mean = clusters[i].Sum(one => clusters[j].Sum(other => alike[one, other])) / (clusters[i].Count * clusters[j].Count);
                if (mean > best)
                {
                    (best, pair) = (mean, (i, j));
                }
            }
        }

        return pair;
    }

    private static List<int> Join(List<int> first, List<int> second, double[,] alike)
    {
        var (head, tail) = (Enumerable.Reverse(first).ToList(), Enumerable.Reverse(second).ToList());
        var ways = new (double Alike, List<int> Left, List<int> Right)[]
        {
            (alike[first[^1], second[0]], first, second),
            (alike[first[^1], second[^1]], first, tail),
            (alike[first[0], second[0]], head, second),
            (alike[first[0], second[^1]], head, tail),
        };
        var (_, left, right) = ways.MaxBy(way => way.Alike);
        return [.. left, .. right];
    }
}
