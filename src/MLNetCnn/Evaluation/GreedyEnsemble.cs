using System.Numerics.Tensors;

namespace MLNetCnn.Evaluation;

/// <summary>
/// Chooses weights for models that vote: beginning with none, the model is added, again and again and as often as it helps, that makes
/// the vote's accuracy on held-out images the highest (Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries
/// of models").
/// </summary>
public static class GreedyEnsemble
{
    private const int Rounds = 20;

    /// <summary>The share of each model in the vote, summing to 1.</summary>
    /// <param name="labels">The true class of every image.</param>
    /// <param name="models">The probabilities that each model gives: <c>[N, classes]</c>, row by row. At least one model.</param>
    /// <param name="classes">The number of classes.</param>
    public static double[] Select(ReadOnlySpan<int> labels, IReadOnlyList<float[]> models, int classes)
    {
        var (counts, best) = (new int[models.Count], new int[models.Count]);
        var sum = new float[models[0].Length];
        var bestAccuracy = -1.0;
        for (var round = 0; round < Rounds; round++)
        {
            var (chosen, accuracy) = (0, -1.0);
            for (var model = 0; model < models.Count; model++)
            {
                var reached = Accuracy(labels, Added(sum, models[model]), classes);
                (chosen, accuracy) = reached > accuracy ? (model, reached) : (chosen, accuracy);
            }

            counts[chosen]++;
            sum = Added(sum, models[chosen]);
            if (accuracy > bestAccuracy)
            {
                bestAccuracy = accuracy;
                counts.CopyTo(best, 0);
            }
        }

        return [.. best.Select(count => (double)count / best.Sum())];
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

    private static double Accuracy(ReadOnlySpan<int> labels, float[] votes, int classes)
    {
        var right = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            right += ClassificationEvaluator.ArgMax(votes.AsSpan(row * classes, classes)) == labels[row] ? 1 : 0;
        }

        return (double)right / labels.Length;
    }
}
