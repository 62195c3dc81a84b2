using System.Numerics.Tensors;

namespace MLNetCnn.Evaluation;

/// <summary>
/// Chooses weights for models that vote: beginning with none, the model is added, again and again and as often as it helps, that makes
/// the vote's accuracy on held-out images the highest; the mean of what is so chosen on many random draws of the images (Caruana,
/// Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries of models", with the bagging of its section 2.3, of images here).
/// </summary>
/// <remarks>
/// On a few hundred images one image more or less decides between quite different weights, and the draws level that out. Of equally
/// accurate votes the one with the lowest log-loss is the best.
/// </remarks>
public static class GreedyEnsemble
{
    private const int Rounds = 20;
    private const int Draws = 20;
    private const double LeastShare = 0.05;

    /// <summary>
    /// The share of each model in the vote, summing to 1: one model alone where the vote is not more accurate. A share below 0.05 is not
    /// worth the time that the model takes, and is left out.
    /// </summary>
    /// <param name="labels">The true class of every image.</param>
    /// <param name="models">The probabilities that each model gives: <c>[N, classes]</c>, row by row. At least one model.</param>
    /// <param name="classes">The number of classes.</param>
    public static double[] Select(ReadOnlySpan<int> labels, IReadOnlyList<float[]> models, int classes)
    {
        var (random, shares) = (new Random(0), new double[models.Count]);
        for (var draw = 0; draw < Draws; draw++)
        {
            TensorPrimitives.Add(shares, Grown(new(labels, Drawn(labels.Length, random), classes), models), shares);
        }

        var worth = shares.Select(share => share >= LeastShare * Draws ? share : 0).ToArray();
        var all = new Images(labels, [.. Enumerable.Repeat(1, labels.Length)], classes);
        var alone = Best(all, models);
        var vote = worth.Sum() > 0 && all.QualityOf(Vote(models, worth)).Right > alone.Quality.Right ? worth : Alone(alone.Model, models.Count);
        return Shares(vote);
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

    private static int[] Drawn(int images, Random random)
    {
        var times = new int[images];
        for (var i = 0; i < images; i++)
        {
            times[random.Next(images)]++;
        }

        return times;
    }

    private static double[] Grown(Images images, IReadOnlyList<float[]> models)
    {
        var (sum, counts) = (new float[models[0].Length], new double[models.Count]);
        (Quality Quality, double[] Counts)? best = null;
        for (var round = 0; round < Rounds; round++)
        {
            float[][] votes = [.. models.Select(model => Added(sum, model))];
            var (added, quality) = Best(images, votes);
            counts[added]++;
            sum = votes[added];
            best = best?.Quality.CompareTo(quality) >= 0 ? best : (quality, [.. counts]);
        }

        return Shares(best!.Value.Counts);
    }

    private static double[] Shares(double[] counts)
    {
        var all = counts.Sum();
        return [.. counts.Select(count => count / all)];
    }

    private static (int Model, Quality Quality) Best(Images images, IReadOnlyList<float[]> votes)
    {
        (int Model, Quality Quality)? best = null;
        for (var model = 0; model < votes.Count; model++)
        {
            var reached = images.QualityOf(votes[model]);
            best = best?.Quality.CompareTo(reached) >= 0 ? best : (model, reached);
        }

        return best!.Value;
    }

    private static double[] Alone(int model, int models) => [.. Enumerable.Range(0, models).Select(other => other == model ? 1.0 : 0)];

    private static float[] Added(float[] sum, float[] model)
    {
        var result = new float[sum.Length];
        TensorPrimitives.Add(sum, model, result);
        return result;
    }

    private readonly ref struct Images(ReadOnlySpan<int> labels, int[] times, int classes)
    {
        private readonly ReadOnlySpan<int> _labels = labels;

        public Quality QualityOf(float[] votes)
        {
            var (right, logLoss) = (0, 0.0);
            for (var row = 0; row < _labels.Length; row++)
            {
                if (times[row] > 0)
                {
                    var vote = votes.AsSpan(row * classes, classes);
                    right += ClassificationEvaluator.ArgMax(vote) == _labels[row] ? times[row] : 0;
                    logLoss -= times[row] * Math.Log(Math.Max(vote[_labels[row]] / TensorPrimitives.Sum<float>(vote), float.Epsilon));
                }
            }

            return new(right, logLoss);
        }
    }

    // The more images are named right the better, then the lower the log-loss.
    private readonly record struct Quality(int Right, double LogLoss) : IComparable<Quality>
    {
        public int CompareTo(Quality other) => Right != other.Right ? Right.CompareTo(other.Right) : other.LogLoss.CompareTo(LogLoss);
    }
}
