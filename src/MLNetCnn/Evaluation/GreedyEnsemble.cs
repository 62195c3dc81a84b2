using System.Numerics.Tensors;

namespace MLNetCnn.Evaluation;

/// <summary>
/// Chooses weights for models that vote: beginning with none, the model is added, again and again and as often as it helps, that makes
/// the vote's accuracy on held-out images the highest (Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries
/// of models").
/// </summary>
/// <remarks>On few images many votes are equally accurate: of those, the one with the lowest log-loss is the best.</remarks>
public static class GreedyEnsemble
{
    private const int Rounds = 20;

    /// <summary>The share of each model in the vote, summing to 1: one model alone where no vote is more accurate.</summary>
    /// <param name="labels">The true class of every image.</param>
    /// <param name="models">The probabilities that each model gives: <c>[N, classes]</c>, row by row. At least one model.</param>
    /// <param name="classes">The number of classes.</param>
    public static double[] Select(ReadOnlySpan<int> labels, IReadOnlyList<float[]> models, int classes)
    {
        var (sum, counts) = (new float[models[0].Length], new int[models.Count]);
        (Quality Quality, int[] Counts)? alone = null, best = null;
        for (var round = 0; round < Rounds; round++)
        {
            (int Model, Quality Quality)? chosen = null;
            for (var model = 0; model < models.Count; model++)
            {
                var reached = QualityOf(labels, Added(sum, models[model]), classes);
                chosen = chosen?.Quality.CompareTo(reached) >= 0 ? chosen : (model, reached);
            }

            var (added, quality) = chosen!.Value;
            counts[added]++;
            sum = Added(sum, models[added]);
            alone ??= (quality, [.. counts]);
            best = best?.Quality.CompareTo(quality) >= 0 ? best : (quality, [.. counts]);
        }

        var shares = best!.Value.Quality.Right > alone!.Value.Quality.Right ? best.Value.Counts : alone.Value.Counts;
        return [.. shares.Select(count => (double)count / shares.Sum())];
    }

    /// <summary>What the models say together: <c>[N, classes]</c>.</summary>
    /// <param name="models">The probabilities that each model gives.</param>
    /// <param name="weights">The share of each.</param>
    public static float[] Vote(IReadOnlyList<float[]> models, IReadOnlyList<double> weights)
    {
        var result = new float[models[0].Length];
        foreach (var (model, weight) in models.Zip(weights))
        {
            TensorPrimitives.MultiplyAdd(model, (float)weight, result, result);
        }

        return result;
    }

    private static float[] Added(float[] sum, float[] model)
    {
        var result = new float[sum.Length];
        TensorPrimitives.Add(sum, model, result);
        return result;
    }

    private static Quality QualityOf(ReadOnlySpan<int> labels, float[] votes, int classes)
    {
        var (right, logLoss) = (0, 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var vote = votes.AsSpan(row * classes, classes);
            right += ClassificationEvaluator.ArgMax(vote) == labels[row] ? 1 : 0;
            logLoss -= Math.Log(Math.Max(vote[labels[row]] / TensorPrimitives.Sum<float>(vote), float.Epsilon));
        }

        return new(right, logLoss);
    }

    // The more images are named right the better, then the lower the log-loss.
    private readonly record struct Quality(int Right, double LogLoss) : IComparable<Quality>
    {
        public int CompareTo(Quality other) => Right != other.Right ? Right.CompareTo(other.Right) : other.LogLoss.CompareTo(LogLoss);
    }
}
